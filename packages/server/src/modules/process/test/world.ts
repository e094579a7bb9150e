import type { Role } from '@changbai/contract/capability.ts'
import { testDatabase } from '../../../../test/database.ts'
import { type Actor, type Grant, systemActor } from '../../../platform/actor.ts'
import { createCrypto } from '../../../platform/crypto.ts'
import type { Ctx, Params } from '../../../platform/ctx.ts'
import { createDoor, type Door, type Reactions } from '../../../platform/door.ts'
import { newId } from '../../../platform/ids.ts'
import { createLog } from '../../../platform/log.ts'
import { compile } from '../bpmn/model/compile.ts'
import { addNatural, readSpan } from '../bpmn/model/span.ts'
import { deployVersion } from '../deploy.ts'
import { registerPorts } from '../ports.ts'

export interface Heard {
  type: string
  event: Record<string, unknown>
}

export interface World {
  door: Door
  databaseUrl: string
  heard: Heard[]
  now(): Temporal.Instant
  advance(duration: string): void
  person(name: string, ...grants: (Role | Grant)[]): Actor
  as<T>(actor: Actor | null, run: (ctx: Ctx) => Promise<T>): Promise<T>
  deploy(key: string, xml: string): Promise<number>
  /** What workers need. */
  machine: { door: Door; log: ReturnType<typeof createLog> }
  stop(): Promise<void>
}

const KINDS = [
  'task.created',
  'task.completed',
  'task.returned',
  'task.recalled',
  'task.assigned',
  'task.reminder',
  'task.overdue',
  'task.escalated',
  'task.urged',
  'instance.started',
  'instance.ended',
  'instance.cancel-requested',
  'instance.cancel-answered',
  'process.incident',
] as const

const durations: Record<string, string> = { 'test.limit': '2wd' }
const params: Params = {
  number: () => 0,
  text: () => '',
  flag: () => false,
  duration(key) {
    const value = durations[key]
    if (value === undefined) throw new RangeError(`no parameter ${key}`)
    return value
  },
  value: () => [] as never,
}

/** Working days without holidays, business hours as natural ones: the calendar has tests of its own. */
function addWeekdays(from: Temporal.Instant, text: string): Temporal.Instant {
  const span = readSpan(text)
  if (span?.unit === 'iso') return addNatural(from, span.duration)
  if (span?.unit === 'bh') return from.add({ hours: span.amount })
  let day = from.toZonedDateTimeISO('Asia/Shanghai').with({ hour: 17, minute: 30, second: 0, millisecond: 0 })
  for (let left = span?.amount ?? 0; left > 0; ) {
    day = day.add({ days: 1 })
    if (day.dayOfWeek <= 5) left -= 1
  }
  return day.toInstant()
}

/** The engine on a database of its own, with a clock that stands still until moved. */
export async function openWorld({ poolSize = 6 } = {}): Promise<World> {
  const database = await testDatabase({ poolSize })
  const people = new Map<string, string>()
  const heard: Heard[] = []
  let now = Temporal.Instant.from('2026-09-18T07:00:00Z')
  registerPorts({
    workClock: async () => ({ addTime: addWeekdays }),
    personNames: async (_, ids) => new Map(ids.flatMap((id) => (people.has(id) ? [[id, people.get(id) ?? ''] as const] : []))),
    openPerson: async (_, id) => people.get(id) ?? null,
  })
  const reactions = Object.fromEntries(
    KINDS.map((type) => [type, [async (_: Ctx, event: unknown) => void heard.push({ type, event: event as Record<string, unknown> })]]),
  ) as Reactions
  const door = createDoor({
    db: database.db,
    clock: () => now,
    crypto: createCrypto({ encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) }),
    jobs: { enqueue: async () => {} },
    reactions,
    loadParams: async () => params,
  })
  return {
    door,
    databaseUrl: database.url,
    heard,
    now: () => now,
    advance(duration) {
      now = addNatural(now, Temporal.Duration.from(duration))
    },
    person(name, ...grants) {
      const personId = newId()
      people.set(personId, name)
      const held = grants.map((grant): Grant => (typeof grant === 'string' ? { role: grant, tenantId: null, applicationId: null } : grant))
      return { kind: 'person', personId, name, grants: held, address: '127.0.0.1', sessionId: null }
    },
    as: (actor, run) => door.enter({ actor: actor ?? systemActor('test') }, run),
    async deploy(key, xml) {
      const { program, flaws } = await compile(key, xml)
      if (!program) throw new Error(JSON.stringify(flaws))
      const { version } = await door.enter({ actor: systemActor('test') }, (ctx) =>
        deployVersion(ctx, program, { key, xml, reason: 'test', by: { personId: null, name: 'test' } }),
      )
      return version
    },
    machine: { door, log: createLog('silent') },
    stop: () => database.drop(),
  }
}
