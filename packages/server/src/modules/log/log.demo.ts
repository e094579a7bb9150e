import type { Ctx } from '../../platform/ctx.ts'
import { monitoredServers } from '../inventory/index.ts'
import { addLogDay, type DeviceTally, insertLines, type NewLine, noteDevices } from './log.store.ts'

const LINES = 240
const HOURS = 48
const DAY_LINES = 36
const HOUR_MS = 3_600_000

/** Facility, severity, program, text; `#` becomes a number. */
const texts: readonly (readonly [facility: number, severity: number, app: string, text: string])[] = [
  [23, 5, 'IFNET', '%%01IFNET/4/LINK_STATE(l)[#]:The line protocol on interface GigabitEthernet0/0/# has entered the UP state.'],
  [23, 3, 'IFNET', '%%01IFNET/2/linkDown_active(l)[#]:接口 10GE1/0/# 状态变为 Down'],
  [23, 4, 'SSHD', '%%01SSH/4/LOGIN_FAIL(l)[#]:SSH 用户登录失败，来源 10.20.0.#'],
  [4, 6, 'sshd', 'Accepted publickey for ops from 10.20.0.# port 5# ssh2'],
  [4, 4, 'sshd', 'Failed password for invalid user admin from 10.20.0.# port 4#'],
  [0, 6, 'kernel', 'audit: type=1400 apparmor="ALLOWED" operation="open" pid=#'],
  [0, 3, 'kernel', 'blk_update_request: I/O error, dev sdb, sector #'],
  [3, 6, 'systemd', 'Started Session # of user root.'],
  [3, 5, 'chronyd', 'Selected source 10.20.0.1 (offset 0.#ms)'],
]
const switches = ['核心交换机-1', '汇聚交换机-A2', '出口防火墙-1'] as const

/** Lines of an ordinary day up to now, as a receiver keeps them. */
export async function receiveDemoLines(ctx: Ctx): Promise<void> {
  const today = ctx.now.toZonedDateTimeISO('UTC').toPlainDate()
  await addLogDay(ctx.db, today.toString(), today.add({ days: 1 }).toString())
  const begin = today.toZonedDateTime('UTC').epochMilliseconds
  await keepLines(ctx, await linesUpTo(ctx, DAY_LINES, ctx.now.epochMilliseconds, ctx.now.epochMilliseconds - begin))
}

/** Two days of lines of three network devices and a few servers. Everything here is invented. */
export async function seedDemoLogs(ctx: Ctx): Promise<void> {
  const now = ctx.now.epochMilliseconds
  const today = ctx.now.toZonedDateTimeISO('UTC').toPlainDate()
  for (const days of [-2, -1, 0, 1]) await addLogDay(ctx.db, today.add({ days }).toString(), today.add({ days: days + 1 }).toString())
  await keepLines(ctx, await linesUpTo(ctx, LINES, now, HOURS * HOUR_MS))
}

interface Kept {
  lines: NewLine[]
  tallies: Map<string, DeviceTally>
}
const keepLines = async (ctx: Ctx, { lines, tallies }: Kept): Promise<void> => {
  await insertLines(ctx.db, lines)
  await noteDevices(ctx.db, tallies)
}

/** So many lines, evenly over the last `spanMs`. */
async function linesUpTo(ctx: Ctx, count: number, now: number, spanMs: number): Promise<Kept> {
  const servers = (await monitoredServers(ctx)).slice(0, 5)
  const lines: NewLine[] = []
  const tallies = new Map<string, DeviceTally>()
  for (let i = 0; i < count; i++) {
    const receivedMs = now - Math.round(((count - 1 - i) * spanMs) / count)
    const [facility, severity, app, text] = texts[(i * 7) % texts.length] as (typeof texts)[number]
    const isNetwork = facility === 23
    const server = servers[i % Math.max(1, servers.length)]
    if (!isNetwork && !server) continue
    const device = isNetwork ? (switches[i % switches.length] as string) : (server?.name ?? '')
    const address = isNetwork ? `10.20.0.${1 + (i % 3)}` : (server?.addresses[0]?.address ?? '')
    const itemId = isNetwork ? null : (server?.id ?? null)
    const filled = text.replaceAll('#', String((i * 13) % 48))
    lines.push({ receivedMs, sentMs: receivedMs - 400, device, address, itemId, facility, severity, app, text: filled })
    const tally = tallies.get(device)
    if (tally) {
      tally.lines += 1
      tally.lastMs = receivedMs
    } else tallies.set(device, { address, itemId, lines: 1, firstMs: receivedMs, lastMs: receivedMs })
  }
  return { lines, tallies }
}
