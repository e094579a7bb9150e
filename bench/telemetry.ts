/**
 * Remote write 1.0: 10,000 series of eight labels, a sample each 15 s, 2,000 samples a request, packed before the clock starts. Acknowledged means
 * durable. Prometheus and VictoriaMetrics are measured in the same run, in turn with us, where they are installed.
 */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BATCH, SERIES, STEP_MS, Stream, sendAll, type Target } from './support/remote-write.ts'
import { type Figure, report, round } from './support/report.ts'
import { median, quantile } from './support/stage.ts'

const ROUNDS = 3
/** An hour of samples a round: 2.4 million. BENCH_HOURS=0.1 for a quick look. */
const STEPS = Math.round((Number(process.env.BENCH_HOURS ?? 1) * 3_600_000) / STEP_MS)
const TICKS_PER_SECOND = 100

interface Peer extends Target {
  name: string
  cpuSeconds(): Promise<number>
  stop(): Promise<void>
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => done(port))
    })
  })
const isInstalled = (program: string): boolean => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const once = <T>(child: ChildProcess): Promise<T> => new Promise((done) => child.once('message', (message) => done(message as T)))
const end = (child: ChildProcess): Promise<void> =>
  new Promise((done) => {
    child.once('exit', () => done())
    child.kill('SIGTERM')
  })

interface Ours extends Peer {
  fold(): Promise<{ chunk: string; rollup: string; samples: string; waiting: string }>
}
async function startOurs(name: string, engine?: string): Promise<Ours> {
  const child = fork(new URL('./support/telemetry-server.ts', import.meta.url), {
    env: { ...process.env, ...(engine ? { BENCH_ENGINE: engine } : {}) },
  })
  const { url, token } = await once<Target>(child)
  const ask = <T>(message: string): Promise<T> => {
    const answer = once<T>(child)
    child.send(message)
    return answer
  }
  return {
    name,
    url,
    ...(token ? { token } : {}),
    cpuSeconds: async () => (await ask<{ seconds: number }>('cpu')).seconds,
    fold: () => ask('fold'),
    stop: () =>
      new Promise((done) => {
        child.once('exit', () => done())
        child.send('stop')
      }),
  }
}

async function startPeer(
  name: string,
  program: string,
  path: string,
  flags: (port: number, folder: string) => string[],
): Promise<Peer | null> {
  if (!isInstalled(program)) return null
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'changbai-peer-'))
  const child = spawn(program, flags(port, folder), { stdio: 'ignore', cwd: folder })
  for (let tries = 0; tries < 100; tries++) {
    const up = await fetch(`http://127.0.0.1:${port}/metrics`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (up) break
    await new Promise((done) => setTimeout(done, 100))
  }
  return {
    name,
    url: `http://127.0.0.1:${port}${path}`,
    async cpuSeconds() {
      const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
    },
    async stop() {
      await end(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const ours = await startOurs('embedded store')
const prometheus = await startPeer('Prometheus', 'prometheus', '/api/v1/write', (port, folder) => [
  `--storage.tsdb.path=${folder}/data`,
  '--config.file=/dev/null',
  `--web.listen-address=127.0.0.1:${port}`,
  '--web.enable-remote-write-receiver',
])
const victoria = await startPeer('VictoriaMetrics', 'victoria-metrics', '/api/v1/write', (port, folder) => [
  `-storageDataPath=${folder}`,
  `-httpListenAddr=127.0.0.1:${port}`,
  '-retentionPeriod=1',
])
const forwarding = victoria ? await startOurs('forwarding to VictoriaMetrics', new URL(victoria.url).origin) : null
const targets = [ours, prometheus, victoria, forwarding].filter((target) => target !== null)
try {
  const rates = new Map<string, number[]>()
  const costs = new Map<string, number[]>()
  const waits = new Map<string, number[]>()
  const add = (to: Map<string, number[]>, key: string, ...values: number[]): void => void to.set(key, [...(to.get(key) ?? []), ...values])
  const startAt = Math.floor((Date.now() - 30 * 3_600_000) / 7_200_000) * 7_200_000
  let sent = 0
  let folding = 0
  const streams = new Map(targets.map(({ name }) => [name, { stream: new Stream(), at: startAt }]))
  for (const callers of [1, 4]) {
    for (let round = 0; round < ROUNDS; round++) {
      for (const target of targets) {
        const state = streams.get(target.name) as { stream: Stream; at: number }
        const steps: Buffer[][] = []
        for (let i = 0; i < STEPS; i++, state.at += STEP_MS) steps.push(state.stream.step(state.at))
        const cpu = await target.cpuSeconds()
        const { seconds, ms, refused } = await sendAll(target, steps, callers)
        const used = (await target.cpuSeconds()) - cpu
        if (refused > 0) throw new Error(`${target.name} refused ${refused} requests`)
        const samples = steps.length * SERIES
        add(rates, `${target.name} ${callers}`, samples / seconds)
        add(costs, `${target.name} ${callers}`, used / (samples / 1e6))
        add(waits, `${target.name} ${callers}`, ...ms)
        if (target !== ours) continue
        sent += samples
        const before = await ours.cpuSeconds()
        await ours.fold()
        folding += (await ours.cpuSeconds()) - before
      }
    }
  }
  const sizes = await ours.fold()
  const bytes = (Number(sizes.chunk) + Number(sizes.rollup)) / Number(sizes.samples)
  const rateOf = (name: string, callers: number): number => median(rates.get(`${name} ${callers}`) ?? [])
  const figures: Figure[] = targets.flatMap(({ name }) =>
    [1, 4].map((callers) => ({
      what: `${name}, ${callers} connection${callers > 1 ? 's' : ''}`,
      measured: `${round(rateOf(name, callers) / 1000, 0)} k samples/s, ${round(median(costs.get(`${name} ${callers}`) ?? []), 2)} CPU s per million, a request of ${BATCH} p50 ${round(quantile(waits.get(`${name} ${callers}`) ?? [], 0.5))} p99 ${round(quantile(waits.get(`${name} ${callers}`) ?? [], 0.99))} ms`,
      target: name === ours.name ? '100 k samples/s' : '',
      passed: name === ours.name ? rateOf(name, callers) >= 100_000 : null,
    })),
  )
  const total = median(costs.get(`${ours.name} 1`) ?? []) + folding / (sent / 1e6)
  figures.push({
    what: 'embedded store, taking in and folding together',
    measured: `${round(total, 2)} CPU s per million samples, database included`,
    target: 'under 12',
    passed: total < 12,
  })
  figures.push({
    what: `embedded store, disk after folding ${round(sent / 1e6)} million samples`,
    measured: `${round(bytes, 2)} bytes a sample (chunks ${round(Number(sizes.chunk) / Number(sizes.samples), 2)}, roll-ups ${round(Number(sizes.rollup) / Number(sizes.samples), 2)})`,
    target: 'under 6',
    passed: bytes < 6,
  })
  if (prometheus)
    figures.push({
      what: 'embedded store by Prometheus, 1 connection',
      measured: `${round(rateOf(ours.name, 1) / rateOf('Prometheus', 1), 2)} of its rate`,
      target: '',
      passed: null,
    })
  if (victoria && forwarding) {
    const share = rateOf(forwarding.name, 4) / rateOf('VictoriaMetrics', 4)
    figures.push({
      what: 'forwarding by writing to VictoriaMetrics directly, 4 connections',
      measured: `${round(share, 2)} of its rate`,
      target: 'at least 0.5',
      passed: share >= 0.5,
    })
  }
  report(figures)
  if (Number(sizes.samples) !== sent || Number(sizes.waiting) !== 0) throw new Error(`${sizes.samples} of ${sent} samples are there`)
} finally {
  for (const target of [forwarding, victoria, prometheus, ours]) await target?.stop()
}
