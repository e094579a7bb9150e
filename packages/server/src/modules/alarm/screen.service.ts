import { alarmProblems } from '@changbai/contract/alarm.shapes.ts'
import type { alarmApi, WallBoard, WallScreen } from '@changbai/contract/alarm.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import { newToken, sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import type { Exchange } from '../../platform/mount.ts'
import { toSummary } from './alarm.present.ts'
import { countOpenByLevel, listAlarms } from './alarm.store.ts'
import { allScreens, insertScreen, type ScreenRow, screenById, screenByToken, updateScreen } from './screen.store.ts'

type Api = typeof alarmApi
declare module '../../platform/ctx.ts' {
  interface Events {
    /** The wall is being drawn: whoever stands above adds what it shows. A question within one reply. */
    'wall.asked': { board: WallBoard }
  }
}

const toScreen = (row: ScreenRow): WallScreen => ({
  id: row.id,
  name: row.name,
  state: row.state,
  createdBy: row.created_by,
  createdAt: row.created_at.toString(),
  decidedBy: row.decided_by,
  lastSeenAt: row.last_seen_at?.toString() ?? null,
  lastAddress: row.last_address,
})
export const listScreens = async (ctx: Ctx): Promise<Reply<Api['screens']>> => ({ items: (await allScreens(ctx.db)).map(toScreen) })

/** The token is shown this once; only its digest is kept. It opens nothing until the security administrator approves. */
export async function createScreen(ctx: Ctx, { name }: Input<Api['createScreen']>): Promise<Reply<Api['createScreen']>> {
  const token = `cbw_${newToken()}`
  const row: ScreenRow = {
    id: newId(),
    name,
    token_sha256: sha256Hex(token),
    state: 'PENDING',
    created_by: ctx.actor.name,
    created_by_person_id: personOf(ctx.actor),
    created_at: ctx.now,
    decided_by: null,
    decided_at: null,
    last_seen_at: null,
    last_address: null,
  }
  if (!(await insertScreen(ctx.db, row))) fail(commonProblems.conflict, { name })
  await ctx.record({ kind: 'wall-screen.created', subject: { type: 'wall-screen', id: row.id }, data: { name } })
  return { screen: toScreen(row), token }
}

export async function decideScreen(ctx: Ctx, { screenId, approve }: Input<Api['decideScreen']>): Promise<WallScreen> {
  const row = (await screenById(ctx.db, screenId)) ?? fail(commonProblems.notFound)
  if (approve && row.created_by_person_id === ctx.actor.personId) fail(alarmProblems.samePerson)
  const change = { state: approve ? ('ACTIVE' as const) : ('REVOKED' as const), decided_by: ctx.actor.name, decided_at: ctx.now }
  await updateScreen(ctx.db, screenId, change)
  await ctx.record({
    kind: approve ? 'wall-screen.approved' : 'wall-screen.revoked',
    subject: { type: 'wall-screen', id: screenId },
    before: { state: row.state },
  })
  return toScreen({ ...row, ...change })
}

const SEEN_SECONDS = 30
/** A screen is let in by its token; it was seen now. In a transaction of its own, because the board is only read. */
export async function enterScreen(ctx: Ctx, { request }: Exchange): Promise<void> {
  const token = /^Bearer (cbw_\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const row = await screenByToken(ctx.db, sha256Hex(token))
  if (row?.state !== 'ACTIVE') fail(alarmProblems.screenRefused)
  if (!row.last_seen_at || Temporal.Instant.compare(row.last_seen_at.add({ seconds: SEEN_SECONDS }), ctx.now) <= 0)
    await updateScreen(ctx.db, row.id, { last_seen_at: ctx.now, last_address: request.ip })
}

const SHOWN = 12
/** What the duty room sees, without names of who called or what was said. */
export async function readBoard(ctx: Ctx): Promise<WallBoard> {
  const all = { all: true } as const
  const alarms = (await listAlarms(ctx.db, { state: 'open', roots: true }, all, undefined, 100))
    .filter(({ state, muted }) => state !== 'SUSPECTED' && !muted)
    .sort((a, b) => (a.level === b.level ? (a.id < b.id ? 1 : -1) : a.level < b.level ? -1 : 1))
    .slice(0, SHOWN)
  const board: WallBoard = {
    now: ctx.now.toString(),
    counts: await countOpenByLevel(ctx.db, all),
    alarms: alarms.map(toSummary),
    incidents: [],
    onDuty: [],
    applications: [],
  }
  await ctx.publish('wall.asked', { board })
  return board
}
