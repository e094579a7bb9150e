import { readdirSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Stage } from './stage.ts'

/** What a run of calls took. `cpuMs` is processor time of the measured processes a call; the caller's own is in it where both share a process. */
export interface Load {
  perSecond: number
  ms: number[]
  cpuMs: number
}

/** Ticks of /proc are hundredths of a second on Linux. */
const HERTZ = 100
/** Processor seconds so far of processes and all below them. */
export function treeSeconds(roots: readonly number[]): number {
  const found = new Map<number, { parent: number; ticks: number }>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8')
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      const [own, reaped] = [Number(fields[11]) + Number(fields[12]), Number(fields[13]) + Number(fields[14])]
      found.set(Number(name), { parent: Number(fields[1]), ticks: own + reaped })
    } catch {
      // gone meanwhile
    }
  }
  const below = (root: number): number =>
    (found.get(root)?.ticks ?? 0) + [...found].filter(([, { parent }]) => parent === root).reduce((sum, [pid]) => sum + below(pid), 0)
  return roots.reduce((sum, root) => sum + below(root), 0) / HERTZ
}

/**
 * Closed-loop calls over so many connections, after a few that warm them.
 * @param others processor seconds of processes besides this one; `own` false leaves this one out, where it only calls
 */
export async function load(
  calls: number,
  callers: number,
  work: (i: number, conn: number) => Promise<unknown>,
  others: () => number,
  own = true,
): Promise<Load> {
  const cpuBefore = process.cpuUsage()
  const othersBefore = others()
  const ms: number[] = []
  let next = 0
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: callers }, async (_, conn) => {
      for (let mine = next++; mine < calls; mine = next++) {
        const at = performance.now()
        await work(mine, conn)
        ms.push(performance.now() - at)
      }
    }),
  )
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  const cpuSeconds = others() - othersBefore + (own ? (user + system) / 1e6 : 0)
  return { perSecond: calls / seconds, ms, cpuMs: (cpuSeconds * 1000) / calls }
}

/** One connection a caller, kept open; whatever is no 2xx is an error. */
export function connections(base: string, headers: (conn: number) => Record<string, string>) {
  const agents = new Map<number, Agent>()
  const agentOf = (conn: number): Agent => {
    const agent = agents.get(conn) ?? new Agent({ keepAlive: true, maxSockets: 1 })
    agents.set(conn, agent)
    return agent
  }
  return {
    call: (conn: number, method: 'GET' | 'POST', path: string, body?: object): Promise<string> =>
      new Promise((done, failed) => {
        const text = body && JSON.stringify(body)
        const sending = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
        const sent = request(base + path, { method, agent: agentOf(conn), headers: { ...headers(conn), ...sending } }, (reply) => {
          const parts: Buffer[] = []
          reply.on('data', (part: Buffer) => parts.push(part))
          reply.on('end', () => {
            const answer = Buffer.concat(parts).toString('utf8')
            if ((reply.statusCode ?? 500) < 300) done(answer)
            else failed(new Error(`${method} ${path} answered ${reply.statusCode}: ${answer.slice(0, 300)}`))
          })
        })
        sent.on('error', failed)
        sent.end(text)
      }),
    close: () => {
      for (const agent of agents.values()) agent.destroy()
    },
  }
}

/** The stage behind a real port. */
export async function loadTarget(stage: Stage) {
  await stage.server.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = stage.server.app.server.address() as AddressInfo
  const { call, close } = connections(`http://127.0.0.1:${port}`, () => ({ authorization: stage.key }))
  return {
    databasePid: Number(readFileSync(join(stage.embedded.dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0]),
    get: async (conn: number, path: string) => JSON.parse(await call(conn, 'GET', path)) as unknown,
    post: async (conn: number, path: string, body: object) => JSON.parse(await call(conn, 'POST', path, body)) as unknown,
    close: async () => close(),
  }
}
