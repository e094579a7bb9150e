import { execFile } from 'node:child_process'
import { Resolver } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect, isIP } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { ProbeTarget } from '@changbai/contract/availability.shapes.ts'
import { addressOf, type Guard, NotAllowed } from './guard.ts'

export interface Checked {
  ok: boolean
  /** Neither good nor bad: this probe cannot tell. */
  unable: boolean
  latencyMs: number
  detail: string
  /** Until when the certificates met on the way are valid, the earliest; null where there was none. */
  certificateUntilMs: number | null
}

/** A page that is longer is judged by its beginning. */
const BODY_BYTES_MAX = 1_048_576
const REDIRECTS_MAX = 5

/** Looks once. Never throws: what went wrong is the detail. */
export async function check(target: ProbeTarget, guard: Guard, timeoutMs: number): Promise<Checked> {
  const begun = performance.now()
  const met: Met = { certificateUntilMs: null }
  const done = (ok: boolean, detail: string, unable = false): Checked => ({
    ok,
    unable,
    latencyMs: Math.round(performance.now() - begun),
    detail: detail.slice(0, 300),
    ...met,
  })
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const complaint = await checks[target.kind](target, guard, signal, met)
    return done(complaint === null, complaint ?? '')
  } catch (error) {
    if (error instanceof Unable || error instanceof NotAllowed) return done(false, error.message, true)
    return done(false, signal.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error))
  }
}

/** The probe lacks what it needs; that says nothing about the target. */
class Unable extends Error {}

const reasonOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string }
  return code && !message?.includes(code) ? `${code} ${message ?? ''}`.trim() : (message ?? String(error))
}

/** What was seen beside the answer. */
interface Met {
  certificateUntilMs: number | null
}

type Complaint = string | null
const checks: Record<ProbeTarget['kind'], (target: ProbeTarget, guard: Guard, signal: AbortSignal, met: Met) => Promise<Complaint>> = {
  HTTP: checkHttp,
  TCP: checkTcp,
  ICMP: checkIcmp,
  DNS: checkDns,
}

async function checkHttp({ url, expect }: ProbeTarget, guard: Guard, signal: AbortSignal, met: Met): Promise<Complaint> {
  let next = new URL(url)
  for (let redirects = 0; ; redirects++) {
    if (next.protocol !== 'http:' && next.protocol !== 'https:') return `redirected to ${next.protocol}`
    const answer = await get(next, await addressOf(next.hostname, guard), signal)
    const until = certificateUntil(answer)
    if (until !== null) met.certificateUntilMs = Math.min(met.certificateUntilMs ?? until, until)
    const status = answer.statusCode ?? 0
    const { location } = answer.headers
    if (status >= 300 && status < 400 && status !== expect.status && location) {
      answer.destroy()
      if (redirects >= REDIRECTS_MAX) return `more than ${REDIRECTS_MAX} redirects`
      next = new URL(location, next)
      continue
    }
    if (status !== expect.status) {
      answer.destroy()
      return `HTTP ${status}, expected ${expect.status}`
    }
    if (expect.contains === '') {
      answer.destroy()
      return null
    }
    return (await beginningOf(answer)).includes(expect.contains) ? null : `the page does not contain ${JSON.stringify(expect.contains)}`
  }
}

/** The certificate is checked as a browser would; a private authority is named by NODE_EXTRA_CA_CERTS. */
function get(url: URL, address: string, signal: AbortSignal): Promise<IncomingMessage> {
  const family = isIP(address) as 4 | 6
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const call = send(url, {
      signal,
      agent: false,
      headers: { 'user-agent': 'changbai-probe', accept: '*/*', 'cache-control': 'no-cache' },
      lookup: (_host, options, found) => {
        if (options.all)
          (found as unknown as (error: null, list: { address: string; family: number }[]) => void)(null, [{ address, family }])
        else found(null, address, family)
      },
    })
    call.on('response', resolve)
    call.on('error', reject)
    call.end()
  })
}

/** Of the server's own certificate. */
function certificateUntil({ socket }: IncomingMessage): number | null {
  if (!(socket instanceof TLSSocket)) return null
  const until = Date.parse(socket.getPeerCertificate().valid_to ?? '')
  return Number.isNaN(until) ? null : until
}

async function beginningOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    parts.push(part)
    bytes += part.length
    if (bytes >= BODY_BYTES_MAX) break
  }
  answer.destroy()
  return Buffer.concat(parts).toString('utf8')
}

/** tcp://host:port: accepted is up. */
async function checkTcp({ url }: ProbeTarget, guard: Guard, signal: AbortSignal): Promise<Complaint> {
  const { hostname, port } = new URL(url)
  const address = await addressOf(hostname, guard)
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: address, port: Number(port), signal })
    socket.on('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.on('error', reject)
  })
  return null
}

/** icmp://host by the system's ping, which needs no right of ours. */
async function checkIcmp({ url }: ProbeTarget, guard: Guard, signal: AbortSignal): Promise<Complaint> {
  const address = await addressOf(new URL(url).hostname, guard)
  return new Promise((resolve, reject) => {
    execFile('ping', ['-n', '-c', '1', '-W', '3', address], { signal }, (error, _out, err) => {
      if (!error) resolve(null)
      else if ((error as { code?: unknown }).code === 'ENOENT') reject(new Unable('there is no ping on this machine'))
      else if (/permitted|permission/i.test(err)) reject(new Unable('ping is not permitted'))
      else if (signal.aborted) reject(error)
      else resolve('no echo')
    })
  })
}

/** dns://server/name?type=A, with what the answer must contain; dns:///name asks the system's resolver. */
async function checkDns({ url, expect }: ProbeTarget, guard: Guard, signal: AbortSignal): Promise<Complaint> {
  const { hostname, port, pathname, searchParams } = new URL(url)
  const resolver = new Resolver({ tries: 1 })
  if (hostname) resolver.setServers([port ? `${await addressOf(hostname, guard)}:${port}` : await addressOf(hostname, guard)])
  signal.addEventListener('abort', () => resolver.cancel())
  const records = await resolver.resolve(pathname.slice(1), searchParams.get('type') ?? 'A')
  const text = JSON.stringify(records)
  return expect.contains === '' || text.includes(expect.contains) ? null : `answered ${text}`
}
