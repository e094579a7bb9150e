import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AlarmRule, alarmProblems, type RuleChange } from '@changbai/contract/alarm.shapes.ts'
import type { alarmApi } from '@changbai/contract/alarm.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import {
  allRules,
  firingByRule,
  insertChange,
  lockChange,
  lockRule,
  newestLoad,
  objectsByMetric,
  overrideRule,
  type RuleChangeRow,
  type RuleRow,
  rulesVersion,
  saveRules,
  settleChange,
  waitingChanges,
} from './rule.store.ts'
import { type EventRule, type Metric, type Rule, secondsOf } from './rules/pack.domain.ts'
import { metricExpression } from './rules/promql.domain.ts'
import { readPacks } from './rules/read-packs.ts'

type Api = typeof alarmApi

/** Packs that cannot be read; the message has a line for every problem. */
class PackError extends Error {}

/** Brings the packs of a plan's folder in when they changed; a plan without packs has no rules. Safe to run in several processes at a time. */
export async function loadRules(ctx: Ctx, planDir: string): Promise<void> {
  const folder = join(planDir, 'rules')
  const digest = digestOfFolder(folder)
  if (digest === null || (await newestLoad(ctx.db)) === digest) return
  const { packs, problems } = readPacks(folder)
  if (problems.length > 0)
    throw new PackError(problems.map(({ file, line, field, reason }) => `${file}:${line} ${field} ${reason}`).join('\n'))
  const metrics = new Map(packs.flatMap(({ pack }) => pack.metrics.map((metric) => [metric.id, metric] as const)))
  const rows = packs.flatMap(({ pack }) => [
    ...pack.rules.map((definition) => ({
      kind: 'METRIC' as const,
      pack: pack.pack,
      definition,
      metric: metrics.get(definition.metric) ?? null,
    })),
    ...pack.events.map((definition) => ({ kind: 'EVENT' as const, pack: pack.pack, definition, metric: null })),
  ])
  await saveRules(
    ctx.db,
    rows.map((row, place) => ({ ...row, id: row.definition.id, place, loaded_at: ctx.now })),
    digest,
    ctx.now,
  )
  await ctx.record({
    kind: 'alarm-rules.loaded',
    subject: { type: 'alarm-rules', id: digest.slice(0, 16) },
    data: { rules: rows.length, digest },
  })
}
function digestOfFolder(folder: string): string | null {
  let names: string[]
  try {
    names = readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
  } catch {
    return null
  }
  const hash = createHash('sha256')
  for (const name of names)
    hash
      .update(name)
      .update('\0')
      .update(readFileSync(join(folder, name)))
      .update('\0')
  return hash.digest('hex')
}

export interface MetricRule {
  rule: Rule
  metric: Metric
}
export interface RulesInForce {
  metric: MetricRule[]
  event: EventRule[]
}
const seconds = (count: number): string => `PT${count}S`
/** A rule with what was changed of it. */
export function withChange(rule: Rule, change: RuleChange): Rule {
  const { enabled, levels, forSeconds, settleSeconds } = change
  return {
    ...rule,
    ...(enabled === undefined ? {} : { enabled }),
    ...(levels === undefined ? {} : { levels }),
    ...(forSeconds === undefined ? {} : { for: seconds(forSeconds) }),
    ...(settleSeconds === undefined ? {} : { settle: seconds(settleSeconds) }),
  }
}
const isMetric = (row: RuleRow): row is RuleRow & { definition: Rule; metric: Metric } => row.kind === 'METRIC' && row.metric !== null

/** As read last; rows of the same transactions are the same rows in whatever database of a cluster they stand. */
let kept: { version: string; rules: RulesInForce } | undefined

/** What judges now: switched on, with what a second person approved. The same object until a rule changes. */
export async function rulesInForce(ctx: Ctx): Promise<RulesInForce> {
  const version = await rulesVersion(ctx.db)
  if (kept?.version !== version) kept = { version, rules: await readRules(ctx) }
  return kept.rules
}
async function readRules(ctx: Ctx): Promise<RulesInForce> {
  const rows = await allRules(ctx.db)
  return {
    metric: rows
      .flatMap((row) => (isMetric(row) ? [{ rule: withChange(row.definition, row.override), metric: row.metric }] : []))
      .filter(({ rule }) => rule.enabled),
    event: rows.flatMap((row) => (row.kind === 'EVENT' && row.override.enabled !== false ? [row.definition as EventRule] : [])),
  }
}
export async function findMetricRule(ctx: Ctx, id: string): Promise<MetricRule> {
  const row = (await allRules(ctx.db)).find((one) => one.id === id) ?? fail(alarmProblems.unknownRule, { rule: id })
  if (!isMetric(row)) return fail(alarmProblems.eventRule)
  return { rule: withChange(row.definition, row.override), metric: row.metric }
}

const REPORTED_WITHIN = { minutes: 15 }
export async function listRules(ctx: Ctx): Promise<Reply<Api['rules']>> {
  const rows = await allRules(ctx.db)
  const firing = await firingByRule(ctx.db)
  const objects = await objectsByMetric(ctx.db, ctx.now.subtract(REPORTED_WITHIN))
  const waiting = new Map((await waitingChanges(ctx.db)).map((change) => [change.rule_id, change]))
  return {
    items: rows.map((row) => ({
      ...(isMetric(row) ? ofMetric(row) : ofEvent(row)),
      firing: firing.get(row.id) ?? 0,
      objects: row.metric ? (objects.get(row.metric.id) ?? 0) : 0,
      proposal: proposalOf(ctx, waiting.get(row.id)),
    })),
  }
}
type RuleFacts = Omit<AlarmRule, 'firing' | 'objects' | 'proposal'>
const isChanged = (row: RuleRow): boolean => Object.keys(row.override).length > 0
function ofMetric(row: RuleRow & { definition: Rule; metric: Metric }): RuleFacts {
  const rule = withChange(row.definition, row.override)
  const { metric } = row
  return {
    id: row.id,
    pack: row.pack,
    kind: 'METRIC',
    title: rule.title,
    hint: rule.hint,
    topic: metric.topic,
    clause: metric.clause ?? null,
    metric: {
      id: metric.id,
      title: metric.title,
      unit: metric.unit,
      exporters: [...new Set(metric.sources.map(({ exporter }) => exporter))],
    },
    levels: rule.levels,
    forSeconds: secondsOf(rule.for),
    settleSeconds: secondsOf(rule.settle),
    missing: rule.missing,
    enabled: rule.enabled,
    incident: rule.incident,
    lost: rule.lost,
    changed: isChanged(row),
    expression: metricExpression(metric),
  }
}
function ofEvent(row: RuleRow): RuleFacts {
  const event = row.definition as EventRule
  return {
    id: row.id,
    pack: row.pack,
    kind: 'EVENT',
    title: event.title,
    hint: event.hint,
    topic: event.topic,
    clause: event.clause ?? null,
    metric: null,
    levels: [{ level: event.level, above: 0 }],
    forSeconds: 0,
    settleSeconds: secondsOf(event.quietAfter),
    missing: null,
    enabled: row.override.enabled !== false,
    incident: event.incident,
    lost: false,
    changed: isChanged(row),
    expression: null,
  }
}
const proposalOf = (ctx: Ctx, change: RuleChangeRow | undefined): AlarmRule['proposal'] =>
  change
    ? {
        id: change.id,
        change: change.change,
        reason: change.reason,
        byName: change.proposed_by_name,
        byMe: change.proposed_by === ctx.actor.personId,
        at: change.proposed_at.toString(),
      }
    : null

/** Nothing changes until somebody else agrees. */
export async function proposeChange(ctx: Ctx, { ruleId, change, reason }: Input<Api['proposeRule']>): Promise<Reply<Api['proposeRule']>> {
  const row = (await lockRule(ctx.db, ruleId)) ?? fail(alarmProblems.unknownRule, { rule: ruleId })
  if (row.kind === 'EVENT' && Object.keys(change).some((name) => name !== 'enabled')) fail(alarmProblems.eventRule)
  const id = newId()
  const isNew = await insertChange(ctx.db, {
    id,
    rule_id: ruleId,
    change,
    reason,
    state: 'PROPOSED',
    proposed_by: personOf(ctx.actor),
    proposed_by_name: ctx.actor.name,
    proposed_at: ctx.now,
    decided_by: null,
    decided_by_name: null,
    decided_at: null,
    comment: '',
  })
  if (!isNew) fail(alarmProblems.pending)
  await ctx.record({ kind: 'alarm-rule.change-proposed', subject: { type: 'alarm-rule', id: ruleId }, data: { change, reason } })
  await ctx.publish('alarm-rule.change-proposed', {
    ruleId,
    title: row.definition.title,
    reason,
    by: ctx.actor.name,
    byId: personOf(ctx.actor),
  })
  return { id }
}
export async function decideChange(ctx: Ctx, { changeId, approve, comment }: Input<Api['decideRule']>): Promise<Reply<Api['decideRule']>> {
  const change = (await lockChange(ctx.db, changeId)) ?? fail(commonProblems.notFound)
  if (change.state !== 'PROPOSED') fail(alarmProblems.decided)
  if (change.proposed_by === ctx.actor.personId && approve) fail(alarmProblems.samePerson)
  const row = (await lockRule(ctx.db, change.rule_id)) ?? fail(commonProblems.notFound)
  await settleChange(ctx.db, changeId, {
    state: approve ? 'APPROVED' : 'REFUSED',
    decided_by: personOf(ctx.actor),
    decided_by_name: ctx.actor.name,
    decided_at: ctx.now,
    comment,
  })
  if (approve) await overrideRule(ctx.db, row.id, { ...row.override, ...change.change })
  await ctx.record({
    kind: approve ? 'alarm-rule.change-approved' : 'alarm-rule.change-refused',
    subject: { type: 'alarm-rule', id: row.id },
    before: row.override,
    after: approve ? { ...row.override, ...change.change } : row.override,
    data: { comment },
  })
  return {}
}
