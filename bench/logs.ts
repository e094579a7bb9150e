/** Syslog over TCP until the lines are durable, and searches over many lines. BENCH_LINES sets how many lie there while searching (10 million). */
import { connect } from 'node:net'
import { type SyslogReceiver, startSyslog } from '../packages/server/src/modules/log/index.ts'
import { report, round } from './support/report.ts'
import { median, quantile, startStage } from './support/stage.ts'

const SENT = 200_000
const CONNECTIONS = 4
const STORED = Number(process.env.BENCH_LINES ?? 10_000_000)
const SEARCHES = 20

const send = (port: number, lines: number, name: string): Promise<void> =>
  new Promise((done, failed) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', failed)
    socket.once('close', () => done())
    socket.resume()
    for (let from = 0; from < lines; from += 500)
      socket.write(
        Array.from(
          { length: Math.min(500, lines - from) },
          (_, i) =>
            `<${11 + ((from + i) % 5)}>1 2026-11-23T08:00:00Z ${name} sshd - - - Accepted publickey for ops from 10.20.${i % 250}.7 port ${from + i} ssh2\n`,
        ).join(''),
      )
    socket.end()
  })

const stage = await startStage()
let syslog: SyslogReceiver | null = null
try {
  syslog = await startSyslog(stage.server.runtime, { host: '127.0.0.1', tcp: 0 })
  const port = syslog.ports.tcp as number
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, i) => send(port, SENT / CONNECTIONS, `host-${i}`)))
  await syslog.settle()
  const seconds = (performance.now() - startedAt) / 1000
  const [{ n: arrived = 0 } = {}] = await stage.sql<{ n: number }>('select count(*)::int as n from log_line')
  if (arrived !== SENT) throw new Error(`${arrived} of ${SENT} lines are there`)

  // thirty days, laid down as the intake would have
  const days = 30
  for (let day = 0; day < days; day++) {
    await stage.sql(`set statement_timeout = 0`)
    await stage.sql(
      `insert into log_line (received_at, device, facility, severity, app, text)
       select now() - make_interval(days => $1::int) - make_interval(secs => i * 86400.0 / $2), 'sw-' || i % 300, 23, i % 8, 'IFNET',
         'Interface 10GE' || i % 4 || '/0/' || i % 48 || ' of rack ' || (i * 7919) % 1000 || ' changed state, code ' || md5(i::text)
       from generate_series(1, $2::int) i`,
      [day, Math.ceil((STORED - SENT) / days)],
    )
  }
  await stage.sql('vacuum analyze log_line')
  const [{ n: stored = 0 } = {}] = await stage.sql<{ n: number }>('select count(*)::int as n from log_line')
  const to = new Date(Date.now() + 60_000).toISOString()
  const search = async (query: Record<string, string>): Promise<number[]> => {
    const ms: number[] = []
    for (let i = 0; i < SEARCHES; i++) {
      const from = new Date(Date.now() - 32 * 86_400_000).toISOString()
      const at = performance.now()
      await stage.get(`/api/logs?${new URLSearchParams({ ...query, from, to })}`)
      ms.push(performance.now() - at)
    }
    return ms
  }
  const kinds: [string, number[]][] = [
    ['newest of all', await search({})],
    ['one device', await search({ device: 'sw-17' })],
    ['a rare word', await search({ q: 'c4ca4238a0b923820dcc509a6f75849b' })],
    ['two words, a severity', await search({ q: 'rack 919 10GE3/0/7', severity: '3' })],
    ['a word that is nowhere', await search({ q: '不存在的词' })],
  ]
  report([
    {
      what: `syslog lines durable, ${CONNECTIONS} connections`,
      measured: `${round(SENT / seconds / 1000)} k lines/s`,
      target: '',
      passed: null,
    },
    ...kinds.map(([what, ms]) => ({
      what: `search of ${round(stored / 1e6)} million lines in 32 days: ${what}`,
      measured: `p50 ${round(median(ms))} p95 ${round(quantile(ms, 0.95))} ms`,
      target: '',
      passed: null,
    })),
  ])
} finally {
  await syslog?.close()
  await stage.stop()
}
