import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Endpoint, InputSent, ReplyReceived } from '../../packages/contract/src/endpoint.ts'
import { identityApi } from '../../packages/contract/src/identity.ts'
import { freePort } from '../support/product.ts'
import type { Span } from './table.ts'

const PASSWORD = 'Tianchi-2026-snow'

/** A person at work through the API, as a browser would be. */
export interface Player {
  name: string
  id: string
  call<E extends Endpoint>(e: E, input: InputSent<E>): Promise<ReplyReceived<E>>
  /** The same, with the span within which it happened. */
  timed<E extends Endpoint>(e: E, input: InputSent<E>): Promise<{ reply: ReplyReceived<E>; span: Span }>
}

const toRequest = (e: Endpoint, input: Record<string, unknown>) => {
  const rest = { ...input }
  const path = e.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  if (e.method !== 'GET') return { path, body: JSON.stringify(rest) }
  const query = new URLSearchParams(Object.entries(rest).map(([key, value]) => [key, String(value)])).toString()
  return { path: query ? `${path}?${query}` : path, body: undefined }
}

/** @param url where the product stands now; it may stand elsewhere after a restart */
export async function signedIn(url: () => string, signIn: string): Promise<Player> {
  const answer = await fetch(`${url()}/api/session`, {
    method: identityApi.signIn.method,
    headers: { 'content-type': 'application/json', origin: url() },
    body: JSON.stringify({ signIn, password: PASSWORD }),
  })
  if (!answer.ok) throw new Error(`${signIn} cannot sign in: ${answer.status} ${await answer.text()}`)
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const { person } = (await answer.json()) as { person: { id: string; name: string } }
  const call = async <E extends Endpoint>(e: E, input: InputSent<E>): Promise<ReplyReceived<E>> => {
    const { path, body } = toRequest(e, input as Record<string, unknown>)
    const headers = { cookie, origin: url(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    const got = await fetch(`${url()}/api${path}`, { method: e.method, headers, ...(body === undefined ? {} : { body }) })
    const text = await got.text()
    if (!got.ok) throw new Error(`${person.name}: ${e.method} ${path} answered ${got.status}: ${text.slice(0, 400)}`)
    return JSON.parse(text) as ReplyReceived<E>
  }
  return {
    ...person,
    call,
    async timed(e, input) {
      const fromMs = Date.now()
      const reply = await call(e, input)
      return { reply, span: { fromMs, toMs: Date.now() } }
    },
  }
}

export interface Received {
  way: 'SMS' | 'PHONE'
  phone: string
  text: string
  atMs: number
  refused: boolean
}
/** The gateways of the telephone company: they hear everything, and refuse what they are told to refuse. */
export interface Gateway {
  url(way: Received['way']): string
  heard: Received[]
  refuse(way: Received['way'] | null): void
  stop(): Promise<void>
}
export async function startGateway(): Promise<Gateway> {
  const heard: Received[] = []
  let broken: Received['way'] | null = null
  const bodyOf = async (request: IncomingMessage): Promise<string> => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    return Buffer.concat(parts).toString('utf8')
  }
  const server = createServer(async (request, reply) => {
    const way = request.url === '/voice' ? 'PHONE' : 'SMS'
    const { phone, text } = JSON.parse(await bodyOf(request)) as { phone: string; text: string }
    const refused = broken === way
    heard.push({ way, phone, text, atMs: Date.now(), refused })
    reply.writeHead(refused ? 503 : 200, { 'content-type': 'application/json' }).end(JSON.stringify({ code: refused ? '1' : '0' }))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: (way) => `http://127.0.0.1:${port}/${way === 'PHONE' ? 'voice' : 'text'}`,
    heard,
    refuse(way) {
      broken = way
    },
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** A portal that is really there: a process of its own with one page and one figure. */
const PORTAL = `require('node:http').createServer((q, a) => q.url === '/metrics'
  ? a.setHeader('content-type', 'text/plain; version=0.0.4').end('portal_pages_total 1\\n') : a.end('portal')).listen(Number(process.argv[1]), '127.0.0.1')`

export interface Portal {
  port: number
  start(): Promise<void>
  /** As a power cut would. @returns when it was gone */
  kill(): Promise<number>
}
export async function openPortal(): Promise<Portal> {
  const port = await freePort()
  let child: ChildProcess | undefined
  const gone = (one: ChildProcess) => new Promise<void>((done) => one.once('exit', () => done()))
  return {
    port,
    async start() {
      child = spawn(process.execPath, ['-e', PORTAL, String(port)], { stdio: 'ignore' })
      await until('the portal answers', async () => (await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined))?.ok === true)
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return Date.now()
      const ended = gone(child)
      child.kill('SIGKILL')
      await ended
      return Date.now()
    },
  }
}

/** Prometheus as Debian ships it: watches the portal each second and tells the product as it would tell an Alertmanager. */
export async function startPrometheus(
  folder: string,
  told: { portalPort: number; instance: string; product: string; token: string },
): Promise<{ url: string; stop(): Promise<void> }> {
  await writeFile(
    join(folder, 'rules.yml'),
    `groups:
  - name: portal
    interval: 1s
    rules:
      - alert: PortalDown
        expr: up{job="portal"} == 0
        for: 3s
        labels: { severity: critical, level: I }
        annotations: { summary: 门户无法访问, description: 连续三秒没有应答 }
`,
  )
  await writeFile(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs:
  - job_name: portal
    static_configs: [{ targets: ['127.0.0.1:${told.portalPort}'] }]
    relabel_configs: [{ target_label: instance, replacement: '${told.instance}:80' }]
alerting:
  alertmanagers:
    - static_configs: [{ targets: ['${told.product.replace(/^http:\/\//, '')}'] }]
      path_prefix: /intake/alertmanager
      authorization: { credentials: '${told.token}' }
`,
  )
  const port = await freePort()
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--rules.alert.resend-delay=5s',
    ],
    { stdio: 'ignore' },
  )
  const url = `http://127.0.0.1:${port}`
  await until('Prometheus sees the portal', async () => {
    const answer = await fetch(`${url}/api/v1/query?query=up`).catch(() => undefined)
    return answer?.ok === true && (await answer.text()).includes('"1"')
  })
  return {
    url,
    async stop() {
      const ended = new Promise<void>((done) => child.once('exit', () => done()))
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Waits, and says what for when it waited in vain. */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 60): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain: ${what}`)
    await pause(100)
  }
}
