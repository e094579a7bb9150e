import type { Application } from '@changbai/contract/inventory.ts'
import { CHAIN_START, type ChainEnd, chainOn, type Domain, type Entry, type NewEntry } from '@changbai/verify/availability/chain.ts'
import { foldChain } from '@changbai/verify/availability/fold.ts'
import { clipTo, type Span, unionOf, withoutSpans } from '@changbai/verify/availability/span.ts'
import { figuresOfMonth } from '@changbai/verify/availability/statement.ts'
import { judgeVotes, type Vote } from '@changbai/verify/availability/sweep.ts'
import { monthOf, monthSpan } from '@changbai/verify/availability/year.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { changeApplication } from '../inventory/index.ts'
import { importChain } from './chain.service.ts'
import { instantText, saveJudged } from './chain.store.ts'
import { insertDowntime } from './downtime.store.ts'
import { policyNow } from './judge.service.ts'
import { insertProbe, SIMULATED, saveRun } from './probe.store.ts'

export interface DemoApplication {
  application: Application
  projectManager: { id: string; name: string }
}
export interface DemoParties {
  customer: { id: string; name: string }
  thirdParty: string
  operator: string
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const MEASURED_DAYS = 300
const places = ['租户网内', '备用机房', '政务外网'] as const
const causes: readonly (readonly [Domain, string])[] = [
  ['NETWORK', '汇聚交换机板卡故障'],
  ['STORAGE', '存储池主从切换超时'],
  ['VM', '宿主机宕机，虚拟机迁移重启'],
  ['OPERATION', '误操作安全组规则'],
  ['FACILITY', '机房 UPS 切换'],
]

/** Every run of the demo gives the same: a small generator with the application's place in the list as its seed. */
function diceOf(seed: number): (from: number, to: number) => number {
  let state = (seed * 2_654_435_761 + 97) % 4_294_967_296
  return (from, to) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return from + Math.floor((state / 4_294_967_296) * (to - from + 1))
  }
}

/**
 * Ten months of three probes, with outages, gaps, planned downtime, rulings and months sealed and confirmed. Everything here is invented.
 * @param isKept nobody is over their budget, and every month that is over has been confirmed
 */
export async function seedDemoAvailability(
  ctx: Ctx,
  applications: readonly DemoApplication[],
  parties: DemoParties,
  { isKept = false }: { isKept?: boolean } = {},
): Promise<void> {
  const probes: string[] = []
  for (const place of places) probes.push(await seedProbe(ctx, place, parties))
  const now = ctx.now.epochMilliseconds
  const first = monthSpan(monthOf(now - MEASURED_DAYS * DAY))?.from ?? now
  for (const [index, demo] of applications.entries()) {
    await seedMeasurement(ctx, demo, first, parties)
    const story = tell(demo.application, { index, isKept }, first, now)
    const entries = await chainFor(ctx, demo.application.id, story, probes, { from: first, to: now }, { ...parties, isKept })
    await importChain(ctx, demo.application.id, entries)
    await saveJudged(ctx.db, demo.application.id, ctx.now)
    const running = monthSpan(monthOf(now))?.from ?? now
    const begun = Math.max(running, ...[...story.down, ...story.silent].map(({ to }) => to))
    for (const probe of probes)
      await saveRun(ctx.db, probe, demo.application.id, {
        state: 'UP',
        from: begun,
        fromLo: begun,
        last: now,
        results: 1,
        evidence: '',
        against: null,
      })
    for (const window of story.windows) await seedDowntime(ctx, demo.application.id, window, parties)
  }
}

async function seedProbe(ctx: Ctx, place: string, { operator, customer }: DemoParties): Promise<string> {
  const id = newId()
  await insertProbe(ctx.db, {
    id,
    name: `演示探测点 · ${place}`,
    place,
    state: 'ACTIVE',
    // no token has this digest
    token_sha256: `simulated:${id}`,
    canaries: JSON.stringify([]),
    networks: JSON.stringify([]),
    created_by: operator,
    created_by_person_id: customer.id,
    created_at: ctx.now,
    decided_by: operator,
    decided_at: ctx.now,
    last_seen_at: ctx.now,
    last_address: null,
    version: SIMULATED,
  })
  return id
}

async function seedMeasurement(ctx: Ctx, { application, projectManager }: DemoApplication, startsAt: number, { customer }: DemoParties) {
  const at = ctx.now.toString()
  const measurement = {
    probes: [{ kind: 'HTTP' as const, url: `https://${application.code}.gov.example/`, expect: { status: 200, contains: '' } }],
    startsAt: new Date(startsAt).toISOString(),
    projectManager: { by: projectManager.name, byPersonId: projectManager.id, at },
    customer: { by: customer.name, byPersonId: customer.id, at },
  }
  await changeApplication(ctx, application.id, { measurement }, 'DEMO')
}

interface Planned extends Span {
  id: string
}
interface Story {
  down: Span[]
  silent: Span[]
  windows: Planned[]
}

function tell({ id }: Application, { index, isKept }: { index: number; isKept: boolean }, from: number, to: number): Story {
  const roll = diceOf(index + 1)
  const somewhere = () => from + roll(1, Math.max(1, Math.floor((to - from) / DAY) - 2)) * DAY + roll(0, 86_000) * 1000
  const stretch = (seconds: number): Span => {
    const start = somewhere()
    return { from: start, to: start + seconds * 1000 }
  }
  // the first house is nearly through its budget, the last through it; most are calm
  const heavy = isKept ? [] : index === 0 ? [24_000, 5_100] : index === 9 ? [30_000, 4_000] : []
  const usual = Array.from({ length: roll(0, 5) }, () => roll(40, 2_400))
  const windows = Array.from({ length: roll(0, 2) }, () => {
    const day = Math.floor((somewhere() + 8 * HOUR) / DAY) * DAY
    const start = day + 14 * HOUR
    return { id: newId(), from: start, to: start + roll(1, 3) * HOUR }
  }).filter((window) => window.to < to && window.from > from + 10 * DAY)
  const inWindows = windows.map((window) => ({
    from: window.from + 5 * MINUTE,
    to: window.to + (roll(0, 3) === 0 ? 9 * MINUTE : -4 * MINUTE),
  }))
  const down = unionOf([...[...heavy, ...usual].map(stretch), ...inWindows])
  const silent = withoutSpans(unionOf(Array.from({ length: roll(0, 2) }, () => stretch(roll(60, 900)))), down)
  return { down, silent, windows: id ? windows : [] }
}

/** The chain as it would have been written: window before it begins, observations and stretches at the month's end, rulings, seal, confirmations. */
async function chainFor(
  ctx: Ctx,
  applicationId: string,
  story: Story,
  probes: readonly string[],
  whole: Span,
  parties: DemoParties & { isKept: boolean },
): Promise<Entry[]> {
  const policy = { ...(await policyNow(ctx)), from: whole.from }
  let end: ChainEnd = CHAIN_START
  const entries: Entry[] = []
  const put = (at: number, by: string, added: readonly NewEntry[]) => {
    const made = chainOn(applicationId, end, instantText(Temporal.Instant.fromEpochMilliseconds(Math.min(at, whole.to))), by, added)
    entries.push(...made)
    const last = made.at(-1)
    if (last) end = { seq: last.seq, head: last.digest }
  }
  put(whole.from, '可用性', [
    { kind: 'measured', body: { from: whole.from, to: null } },
    { kind: 'policy', body: policy },
  ])
  const { operator, customer, thirdParty, isKept } = parties
  for (let month = monthSpan(monthOf(whole.from)); month && month.from < whole.to; month = monthSpan(monthOf(month.to))) {
    const within = { from: month.from, to: Math.min(month.to, whole.to) }
    const windows = story.windows.filter(({ from }) => from >= within.from && from < within.to)
    for (const window of windows) {
      const body = { id: window.id, reason: 'MAINTENANCE', from: window.from, to: window.to, impact: '业务暂停', rollback: '恢复旧版本' }
      put(within.from + 4 * HOUR, operator, [
        { kind: 'window', body },
        { kind: 'window-noticed', body: { id: window.id, noticedAt: window.from - 6 * DAY, proof: '通知函及签收回执' } },
      ])
      put(within.from + 4 * HOUR, customer.name, [{ kind: 'window-decided', body: { id: window.id, recognised: true, comment: '同意' } }])
    }
    const isOver = month.to <= whole.to
    const votes = votesOf(story, within, probes)
    const stretches = judgeVotes(votes, [policy], within)
    // the running month's observations are still with the probes
    const observations = isOver ? votes : votes.filter(({ to }) => to < within.to)
    put(within.to, '可用性', [
      ...observations.map(
        ({ probe, isDown, from, to, fromLo, last }): NewEntry => ({
          kind: 'observation',
          body: { probe, state: isDown ? 'DOWN' : 'UP', from, to, fromLo, last, results: Math.ceil((to - from) / 10_000), evidence: '' },
        }),
      ),
      ...stretches.map(
        ({ state, from, to, fromLo, toLo }): NewEntry => ({
          kind: 'stretch',
          body: { id: newId(), state, source: 'PROBE', domain: null, note: '', from, to, fromLo, toLo },
        }),
      ),
    ])
    if (!isOver) continue
    put(month.to + 30 * MINUTE, customer.name, rulingsOn(entries, within))
    const name = monthOf(month.from)
    const figures = figuresOfMonth(foldChain(entries), month, month.to)
    put(month.to + HOUR, operator, [{ kind: 'seal', body: { month: name, figures, amends: null, old: null, reason: '' } }])
    // the newest month waits for its confirmations, unless everything is kept
    if (!isKept && month.to + 40 * DAY > whole.to) continue
    const answer = { month: name, seal: end.seq, result: 'CONFIRMED' as const, comment: '' }
    put(month.to + 2 * HOUR, thirdParty, [{ kind: 'confirmation', body: { ...answer, party: 'THIRD_PARTY' } }])
    put(month.to + 3 * HOUR, customer.name, [{ kind: 'confirmation', body: { ...answer, party: 'CUSTOMER' } }])
  }
  return entries
}

/** Every probe sees the outages, each a few seconds apart; in a gap two of them are silent. */
function votesOf(story: Story, within: Span, probes: readonly string[]): Vote[] {
  const vote = (probe: string, { from, to }: Span, isDown: boolean): Vote => ({
    probe,
    isDown,
    from,
    to,
    fromLo: Math.max(within.from, from - 1000),
    last: to - 1000,
  })
  return probes.flatMap((probe, index) => {
    const shift = index * 1000
    const down = clipTo(
      story.down.map(({ from, to }) => ({ from: from + shift, to: to + shift })),
      within,
    )
    const silent = index === 0 ? [] : clipTo(story.silent, within)
    const up = withoutSpans([within], unionOf([...down, ...silent]))
    return [...up.map((span) => vote(probe, span, false)), ...withoutSpans(down, silent).map((span) => vote(probe, span, true))].sort(
      (a, b) => a.from - b.from,
    )
  })
}

/** Most are the provider's; some the tenant's own doing. */
function rulingsOn(entries: readonly Entry[], { from, to }: Span): NewEntry[] {
  return foldChain(entries)
    .stretches.filter((one) => one.from >= from && one.from < to && one.to !== null)
    .map((one, index): NewEntry => {
      const isTenants = index % 4 === 3
      const [domain, reason] = causes[(Math.floor(one.from / DAY) + index) % causes.length] as (typeof causes)[number]
      const decision = one.state === 'UNKNOWN' ? 'NOT_DOWN' : isTenants ? 'NON_PROVIDER' : 'PROVIDER'
      const why = one.state === 'UNKNOWN' ? '探测网络维护，业务日志显示正常' : isTenants ? '应用方发布新版本' : reason
      return {
        kind: 'ruling',
        body: {
          target: one.id,
          decision,
          from: one.from,
          to: one.to as number,
          domain: decision === 'PROVIDER' ? domain : null,
          reason: why,
          role: 'CUSTOMER_OM_MANAGER',
        },
      }
    })
}

async function seedDowntime(
  ctx: Ctx,
  applicationId: string,
  { id, from, to }: Planned,
  { operator, customer }: DemoParties,
): Promise<void> {
  const at = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms)
  const decidedAt = at(monthSpan(monthOf(from))?.from ?? from)
  await insertDowntime(ctx.db, {
    id,
    reason: 'MAINTENANCE',
    application_ids: [applicationId],
    planned_from: at(from),
    planned_to: at(to),
    impact: '业务暂停',
    rollback_plan: '恢复旧版本',
    source_type: null,
    source_id: null,
    notice_sent_at: at(from - 6 * DAY),
    notice_proof: '通知函及签收回执',
    notice_file_id: null,
    recognised: true,
    decided_by: customer.name,
    decided_at: decidedAt,
    comment: '同意',
    actual_from: null,
    actual_to: null,
    cancelled_at: null,
    proposed_by: operator,
    proposed_by_person_id: null,
    proposed_at: decidedAt,
  })
}
