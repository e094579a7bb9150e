import type { Ctx } from '../../platform/ctx.ts'
import { impactOf } from '../inventory/index.ts'
import { type AlarmRow, firedSince, openLost, type RootRow } from './alarm.store.ts'
import { type SilenceRow, silencesAt } from './silence.store.ts'
import type { Around, Mute } from './stages/alarm.domain.ts'

/** A window in which whoever is concerned expects trouble: approved changes and planned downtime. */
export interface MaintenanceWindow {
  id: string
  label: string
  until: Temporal.Instant
  applicationIds: readonly string[]
  objectIds: readonly string[]
}
export interface AlarmPorts {
  /** Windows that run now; the modules that keep them stand above this one. */
  maintenanceNow(ctx: Ctx): Promise<MaintenanceWindow[]>
}
let ports: AlarmPorts = { maintenanceNow: async () => [] }
export const registerAlarmPorts = (given: AlarmPorts): void => {
  ports = given
}

export type Placed = Pick<AlarmRow, 'id' | 'rule_id' | 'object_id' | 'application_id' | 'lost' | 'state' | 'told_level'>

/** How far up the needs of a thing a cause is looked for. */
const HOPS = 8

/**
 * What is going on besides: asked once a batch, answered for each alarm.
 * @param coming how many of the batch begin to fire: a hundred at once are a storm from the first of them on
 */
export async function lookAround(ctx: Ctx, coming: number): Promise<{ of(alarm: Placed): Promise<Around> }> {
  const lost = await openLost(ctx.db)
  const silences = await silencesAt(ctx.db, ctx.now)
  const windows = await ports.maintenanceNow(ctx)
  const stormFrom = ctx.plan.number('monitoring.stormPerMinute')
  let fired: number | undefined
  /** Only what may be told of now asks how many there were: not what people know already. */
  const countFired = async (): Promise<number> => {
    fired ??= (await firedSince(ctx.db, ctx.now.subtract({ minutes: 1 }))) + Math.max(0, coming - 1)
    return fired
  }
  const needs = new Map<string, Map<string, number>>()
  const needsOf = async (objectId: string): Promise<Map<string, number>> => {
    const known = needs.get(objectId)
    if (known) return known
    const { nodes } = await impactOf(ctx, objectId, 'UP', HOPS)
    const found = new Map(nodes.filter(({ effect }) => effect === 'VITAL').map(({ id, hop }) => [id, hop]))
    needs.set(objectId, found)
    return found
  }
  return {
    of: async (alarm) => ({
      roots: await rootsOf(alarm, lost, needsOf),
      mutes: mutesOf(alarm, silences, windows),
      firedLastMinute: alarm.state === 'FIRING' && alarm.told_level !== null ? 0 : await countFired(),
      stormFrom,
    }),
  }
}

/** Of several causes the one furthest up: it explains the others as well. */
async function rootsOf(
  alarm: Placed,
  lost: readonly RootRow[],
  needsOf: (id: string) => Promise<Map<string, number>>,
): Promise<Around['roots']> {
  const { object_id: objectId } = alarm
  const others = lost.filter((one) => one.id !== alarm.id && (one.objectId !== objectId || !alarm.lost))
  if (objectId === null || others.length === 0) return []
  const needs = await needsOf(objectId)
  return others
    .flatMap((one) => {
      const hop = one.objectId === objectId ? 0 : needs.get(one.objectId)
      return hop === undefined
        ? []
        : [{ id: one.id, label: `${one.objectName} · ${one.title.zh}`, suspected: one.state === 'SUSPECTED', hop }]
    })
    .sort((a, b) => b.hop - a.hop)
    .map(({ id, label, suspected }) => ({ id, label, suspected }))
}

function mutesOf(alarm: Placed, silences: readonly SilenceRow[], windows: readonly MaintenanceWindow[]): Mute[] {
  const fits = (wanted: string | null, has: string | null): boolean => wanted === null || wanted === has
  return [
    ...silences
      .filter(
        (one) => fits(one.rule_id, alarm.rule_id) && fits(one.object_id, alarm.object_id) && fits(one.application_id, alarm.application_id),
      )
      .map((one): Mute => ({ kind: 'SILENCE', id: one.id, label: one.reason, until: one.ends_at.epochMilliseconds })),
    ...windows
      .filter(
        (one) =>
          (alarm.application_id !== null && one.applicationIds.includes(alarm.application_id)) ||
          (alarm.object_id !== null && one.objectIds.includes(alarm.object_id)),
      )
      .map((one): Mute => ({ kind: 'MAINTENANCE', id: one.id, label: one.label, until: one.until.epochMilliseconds })),
  ]
}
