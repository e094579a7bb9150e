/**
 * One probe process that looks at 5,000 applications every 10 seconds, half by HTTP, half by TCP: how late a look is, what it costs, and that every one
 * arrives. What is looked at, and the platform the results go to, are another process on the same machine. BENCH_MINUTES: 1 by default.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttp, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProbeAssignment, ProbeResult } from '../packages/contract/src/availability.shapes.ts'
import { startRunner } from '../packages/server/src/modules/availability/offline.ts'
import { report, round } from './support/report.ts'
import { median, quantile } from './support/stage.ts'

const APPLICATIONS = 5_000
const INTERVAL_SECONDS = 10
const MINUTES = Number(process.env.BENCH_MINUTES ?? 1)

interface Outcome {
  looks: number
  bad: number
  applications: number
  /** Milliseconds beyond the interval since the look before. */
  lateness: number[]
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return JSON.parse(Buffer.concat(parts).toString())
}

/** The other process: answers whoever looks, hands out the assignment, takes the results. */
async function servePlatform(): Promise<void> {
  const target = createHttp((_request, response) => response.end('ok')).listen(0, '127.0.0.1')
  const door = createTcp((socket) => socket.on('error', () => {}).end()).listen(0, '127.0.0.1')
  const last = new Map<string, number>()
  const outcome: Outcome = { looks: 0, bad: 0, applications: 0, lateness: [] }
  const take = ({ applicationId, at, verdict }: ProbeResult): void => {
    const now = Date.parse(at)
    const before = last.get(applicationId)
    if (before !== undefined) outcome.lateness.push(now - before - INTERVAL_SECONDS * 1000)
    last.set(applicationId, now)
    outcome.looks += 1
    if (verdict !== 'UP') outcome.bad += 1
  }
  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port
  const platform = createHttp(async (request, response) => {
    const body = await jsonOf(request)
    response.setHeader('content-type', 'application/json')
    if (request.url === '/api/probe/results') {
      for (const one of (body as { results: ProbeResult[] }).results) take(one)
      return response.end('{}')
    }
    const probeOf = (n: number): ProbeAssignment['applications'][number]['probes'] =>
      n % 2 === 0
        ? [{ kind: 'HTTP', url: `http://127.0.0.1:${portOf(target)}/`, expect: { status: 200, contains: 'ok' } }]
        : [{ kind: 'TCP', url: `tcp://127.0.0.1:${portOf(door)}`, expect: { status: 200, contains: '' } }]
    const assignment: ProbeAssignment = {
      probeId: randomUUID(),
      name: 'bench',
      intervalSeconds: INTERVAL_SECONDS,
      suspectedSeconds: 2,
      canaries: probeOf(1),
      networks: ['127.0.0.0/8'],
      applications: Array.from({ length: APPLICATIONS }, (_, n) => ({
        applicationId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
        probes: probeOf(n),
      })),
    }
    return response.end(JSON.stringify(assignment))
  }).listen(0, '127.0.0.1', () => process.send?.({ port: portOf(platform) }))
  process.on('message', () => process.send?.({ ...outcome, applications: last.size }, () => process.exit(0)))
}

const said = <T>(child: ChildProcess): Promise<T> => new Promise((done) => child.once('message', (message) => done(message as T)))

async function measure(): Promise<void> {
  const child = fork(import.meta.filename, ['platform'])
  const { port } = await said<{ port: number }>(child)
  const folder = await mkdtemp(join(tmpdir(), 'changbai-bench-'))
  const cpu = process.cpuUsage()
  const begun = performance.now()
  // the assignment is fetched once: it says the same each time
  const runner = await startRunner({
    server: `http://127.0.0.1:${port}`,
    token: 'bench',
    folder,
    version: 'bench',
    say: () => {},
    refreshSeconds: 86_400,
  })
  await new Promise((done) => setTimeout(done, MINUTES * 60_000))
  await runner.stop()
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const waiting = runner.waiting
  child.send('tell')
  const { looks, bad, applications, lateness } = await said<Outcome>(child)
  await rm(folder, { recursive: true, force: true })
  report([
    {
      what: `${APPLICATIONS} applications every ${INTERVAL_SECONDS} s, ${round(seconds)} s: looks delivered`,
      measured: `${looks} of ${applications} applications, ${bad} of them not up, ${waiting} still waiting`,
      target: 'all, all up, none waiting',
      passed: applications === APPLICATIONS && bad === 0 && waiting === 0,
    },
    { what: 'a look later than its interval, p50', measured: `${round(median(lateness))} ms`, target: '', passed: null },
    {
      what: 'the same, p99',
      measured: `${round(quantile(lateness, 0.99))} ms`,
      target: '< 1,000 ms',
      passed: quantile(lateness, 0.99) < 1_000,
    },
    {
      what: 'processor of the probe process',
      measured: `${round((user + system) / 1e4 / seconds)} % of a core`,
      target: '',
      passed: null,
    },
  ])
}

await (process.argv[2] === 'platform' ? servePlatform() : measure())
