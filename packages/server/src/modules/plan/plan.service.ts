import type { Bilingual } from '@changbai/contract/calendar.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { Clause, Parameter, PlanVersion } from '@changbai/contract/plan.ts'
import { type planApi, planProblems } from '@changbai/contract/plan.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { changeView } from './change.service.ts'
import type { ClauseLine, ParameterLine, PlanDocument, SeverityClock } from './domain/document.ts'
import { valueInForce, valueToCome } from './domain/values.ts'
import { wordsOfValue } from './domain/words.ts'
import { type LoadedPlan, requirePlan } from './params.ts'
import { changeRows, openChangeCounts, valueRows, versionHeads } from './plan.store.ts'

const COMMON_FORMULA: Bilingual = {
  zh: '合规实例 /（应有实例 − 不适用 − 豁免）；本期无触发时不计',
  en: 'Compliant / (due − not applicable − waived); nothing due counts neither way',
}

export function toClause(plan: LoadedPlan, line: ClauseLine, on: Temporal.PlainDate): Clause {
  const chapter = plan.document.chapters.find((one) => one.id === line.chapter)
  const limit = plan.document.parameters.find((one) => one.key === line.deadline)
  const held = limit && valueInForce(plan.values.get(limit.key) ?? [], on)
  return {
    id: line.id,
    alias: line.alias ?? null,
    chapter: line.chapter,
    chapterTitle: { zh: chapter?.zh ?? '', en: chapter?.en ?? '' },
    title: line.title,
    obligors: line.obligors,
    trigger: line.trigger,
    frequency: line.frequency,
    deadline: line.deadline ?? null,
    deadlineRule: limit && held ? wordsOfValue(limit, held.value) : null,
    evidence: line.evidence,
    formula: line.formula === 'R' ? COMMON_FORMULA : line.formula,
    redLine: line.redLine,
    parameters: [...(line.deadline ? [line.deadline] : []), ...line.parameters],
    meter: line.meter ?? null,
    of: line.of ?? null,
    readings: line.readings,
  }
}

function toParameter(plan: LoadedPlan, line: ParameterLine, on: Temporal.PlainDate, pendingChanges: number): Parameter {
  const values = plan.values.get(line.key) ?? []
  const held = valueInForce(values, on)
  const next = valueToCome(values, on)
  return {
    key: line.key,
    group: line.group,
    title: line.title,
    kind: line.kind,
    value: held?.value ?? line.value,
    unit: line.unit ?? null,
    min: line.min ?? null,
    max: line.max ?? null,
    provenance: line.provenance,
    note: line.note ?? null,
    clauses: line.clauses,
    since: held?.startsOn?.toString() ?? null,
    next: next?.startsOn ? { value: next.value, startsOn: next.startsOn.toString() } : null,
    pendingChanges,
  }
}

const named = ({ zh, en }: Bilingual): Bilingual => ({ zh, en })
const matches = (q: string | undefined, ...texts: (string | undefined)[]): boolean =>
  !q || texts.some((text) => text?.toLowerCase().includes(q.toLowerCase()))

export async function readOverview(ctx: Ctx): Promise<Reply<typeof planApi.overview>> {
  const plan = await requirePlan(ctx)
  const { document } = plan
  const versions = (await versionHeads(ctx.db)).map(
    (row): PlanVersion => ({
      version: row.version,
      title: row.document.title,
      digest: row.digest,
      digestAlgorithm: row.digest_algorithm,
      loadedAt: row.loaded_at.toString(),
      loadedBy: row.loaded_by,
      clauses: row.document.clauses.length,
      parameters: row.document.parameters.length,
    }),
  )
  const [version] = versions
  if (!version) return fail(commonProblems.unavailable)
  const pending = await openChangeCounts(ctx.db)
  return {
    version,
    versions,
    scope: document.scope,
    chapters: chaptersOf(document),
    groups: document.groups.map((group) => {
      const own = document.parameters.filter((one) => one.group === group.id)
      const fromPlan = own.filter((one) => one.provenance.some((line) => line.kind === 'S')).length
      return { group: group.id, title: named(group), parameters: own.length, fromPlan }
    }),
    roles: document.roles.map(({ code, zh, en, duty, provenance }) => ({ code, title: { zh, en }, duty, provenance })),
    severities: ctx.plan
      .value<SeverityClock[]>('incident.severityClocks')
      .map(({ severity, zh, en, responseMinutes, planMinutes, resolveMinutes }) => ({
        severity,
        meaning: { zh, en },
        responseMinutes,
        planMinutes,
        resolveMinutes,
      })),
    pendingChanges: [...pending.values()].reduce((sum, count) => sum + count, 0),
  }
}

const chaptersOf = ({ chapters, clauses }: PlanDocument) =>
  chapters.map((chapter) => {
    const own = clauses.filter((one) => one.chapter === chapter.id)
    return { chapter: chapter.id, title: named(chapter), clauses: own.length, redLines: own.filter((one) => one.redLine).length }
  })

export async function listClauses(ctx: Ctx, input: Input<typeof planApi.clauses>): Promise<Reply<typeof planApi.clauses>> {
  const plan = await requirePlan(ctx)
  const today = shanghaiDay(ctx.now)
  const { q, chapter, obligor, frequency, redLine } = input
  const items = plan.document.clauses.filter(
    (one) =>
      (chapter === undefined || one.chapter === chapter) &&
      (obligor === undefined || one.obligors.includes(obligor)) &&
      (frequency === undefined || one.frequency === frequency) &&
      (redLine === undefined || one.redLine === redLine) &&
      matches(q, one.id, one.alias, one.title.zh, one.title.en, one.evidence.zh, one.evidence.en),
  )
  return { items: items.map((line) => toClause(plan, line, today)), total: items.length }
}

/** A clause by its id, or by the other number it bears in the plan. */
export async function readClause(ctx: Ctx, { clauseId }: Input<typeof planApi.clause>): Promise<Reply<typeof planApi.clause>> {
  const plan = await requirePlan(ctx)
  const { clauses, parameters } = plan.document
  const index = clauses.findIndex((one) => one.id === clauseId || one.alias === clauseId)
  const line = clauses[index] ?? fail(planProblems.noClause, { clauseId })
  const today = shanghaiDay(ctx.now)
  const clause = toClause(plan, line, today)
  const pending = await openChangeCounts(ctx.db)
  return {
    ...clause,
    parameterValues: parameters
      .filter((one) => clause.parameters.includes(one.key))
      .map((one) => toParameter(plan, one, today, pending.get(one.key) ?? 0)),
    previous: clauses[index - 1]?.id ?? null,
    next: clauses[index + 1]?.id ?? null,
  }
}

export async function listParameters(ctx: Ctx, input: Input<typeof planApi.parameters>): Promise<Reply<typeof planApi.parameters>> {
  const plan = await requirePlan(ctx)
  const { q, group, provenance } = input
  const on = input.on ? Temporal.PlainDate.from(input.on) : shanghaiDay(ctx.now)
  const pending = await openChangeCounts(ctx.db)
  const items = plan.document.parameters.filter(
    (one) =>
      (group === undefined || one.group === group) &&
      (provenance === undefined || one.provenance.some((line) => line.kind === provenance)) &&
      matches(q, one.key, one.title.zh, one.title.en),
  )
  return {
    items: items.map((line) => toParameter(plan, line, on, pending.get(line.key) ?? 0)),
    total: items.length,
    on: on.toString(),
  }
}

export async function readParameter(ctx: Ctx, { key }: Input<typeof planApi.parameter>): Promise<Reply<typeof planApi.parameter>> {
  const plan = await requirePlan(ctx)
  const line = plan.document.parameters.find((one) => one.key === key) ?? fail(planProblems.noParameter, { key })
  const pending = await openChangeCounts(ctx.db)
  const history = (await valueRows(ctx.db)).filter((row) => row.key === key)
  const changes = await changeRows(ctx.db, { key, limit: 100 })
  return {
    ...toParameter(plan, line, shanghaiDay(ctx.now), pending.get(key) ?? 0),
    history: history
      .map((row) => ({ value: row.value, startsOn: row.starts_on?.toString() ?? null, reason: row.reason, byName: row.by_name }))
      .reverse(),
    changes: changes.map((row) => changeView(ctx, plan, row)),
  }
}
