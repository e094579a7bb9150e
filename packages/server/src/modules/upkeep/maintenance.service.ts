import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { type Maintenance, type upkeepApi, upkeepProblems } from '@changbai/contract/upkeep.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { type GateState, readGate } from '../../platform/gate.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { productVersion, readChangelog } from '../../platform/version.ts'
import { checkRunning } from '../process/index.ts'
import { readReleases } from './release.domain.ts'
import { saveMaintenance, type UpgradeRow, upgradesBefore } from './upkeep.store.ts'

type Api = typeof upkeepApi

export const toMaintenance = (gate: GateState): Maintenance => ({
  state: gate.state,
  cause: gate.cause,
  reason: gate.reason,
  since: gate.since?.toString() ?? null,
  until: gate.until?.toString() ?? null,
})

export const readMaintenance = async (ctx: Ctx): Promise<Maintenance> => toMaintenance(await readGate(ctx.db))

/** Closes or opens the product for commands. What an upgrade closed only the upgrade opens. */
export async function setMaintenance(ctx: Ctx, input: Input<Api['setMaintenance']>): Promise<Maintenance> {
  const before = await readGate(ctx.db)
  if (before.cause === 'UPGRADE') fail(upkeepProblems.upgrading)
  const until = input.until === null ? null : Temporal.Instant.from(input.until)
  if (until && Temporal.Instant.compare(until, ctx.now) <= 0) fail(upkeepProblems.untilPast)
  const isReadOnly = input.state === 'READ_ONLY'
  await saveMaintenance(ctx.db, {
    state: input.state,
    cause: isReadOnly ? 'ADMINISTRATOR' : null,
    reason: isReadOnly ? input.reason : '',
    since: isReadOnly ? (before.since ?? ctx.now) : null,
    until: isReadOnly ? until : null,
    by_name: isReadOnly ? ctx.actor.name : null,
  })
  const after = toMaintenance(await readGate(ctx.db))
  await ctx.record({
    kind: isReadOnly ? 'maintenance.begun' : 'maintenance.ended',
    subject: { type: 'installation', id: 'only' },
    before: toMaintenance(before),
    after,
    ...(input.reason ? { data: { reason: input.reason } } : {}),
  })
  return after
}

export async function readAbout(ctx: Ctx): Promise<Reply<Api['about']>> {
  const { level } = await readGate(ctx.db)
  return { version: productVersion(), level, releases: readReleases(await readChangelog(ctx.locale)) }
}

const toUpgrade = (row: UpgradeRow): Reply<Api['upgrades']>['items'][number] => ({
  id: row.id,
  fromVersion: row.from_version,
  toVersion: row.to_version,
  fromLevel: row.from_level,
  toLevel: row.to_level,
  migrations: row.migrations,
  startedAt: row.started_at.toString(),
  finishedAt: row.finished_at?.toString() ?? null,
  state: row.state,
  backupFile: row.backup_file,
  instances: row.instances,
  findings: row.findings,
})

export async function readUpgrades(ctx: Ctx, { after, limit }: Input<Api['upgrades']>): Promise<Reply<Api['upgrades']>> {
  const rows = await upgradesBefore(ctx.db, readCursor(after), limit + 1)
  const { items, next } = pageOf(rows, limit, (row) => [row.started_at.toString(), row.id])
  return { items: items.map(toUpgrade), next }
}

export const readInstances = async (ctx: Ctx): Promise<Reply<Api['instances']>> => ({ items: await checkRunning(ctx) })
