import table from 'virtual:endpoints'
import type { ProblemBody } from '@changbai/contract/problem.ts'
import type { EndpointName, Received, Sent } from './api.ts'
import { prefixFor } from './practice.ts'
import { networkProblem, ProblemError } from './problem.ts'
import { language } from './text.ts'
import { learnServerTime } from './time.ts'

export interface CallOptions {
  signal?: AbortSignal | undefined
  /** The same key for the same intent: a repeat after a lost answer gets the first reply. Commands get a fresh one by default. */
  idempotencyKey?: string
  /** The approval under which an export is taken. */
  exportApproval?: string
}

type Hearer = (problem: ProblemError) => void
const lossHearers = new Set<Hearer>()
/** Hears when the server says that nobody is signed in any more. */
export const onSignedOut = (hear: Hearer): (() => void) => {
  lossHearers.add(hear)
  return () => lossHearers.delete(hear)
}
/** An export that a second person must approve before it leaves. */
export interface HeldExport {
  path: string
  input: Record<string, unknown>
  problem: ProblemError
}
const heldHearers = new Set<(held: HeldExport) => void>()
/** Hears when the server holds an export back until somebody else approves it. */
export const onExportHeld = (hear: (held: HeldExport) => void): (() => void) => {
  heldHearers.add(hear)
  return () => heldHearers.delete(hear)
}
const returnHearers = new Set<() => void>()
/** Hears when the person has signed in again without leaving the page: what was refused meanwhile can be sent now. */
export const onSignedIn = (hear: () => void): (() => void) => {
  returnHearers.add(hear)
  return () => returnHearers.delete(hear)
}
export const tellSignedIn = (): void => {
  lastCallAt = Date.now()
  for (const hear of [...returnHearers]) hear()
}
/** How long after a key or a pointer a call is still somebody's own; later ones are the page's and keep no session alive. */
const ATTENDED_MILLISECONDS = 30_000
let touchedAt = Date.now()
for (const touch of ['pointerdown', 'keydown', 'wheel', 'touchmove'])
  document.addEventListener(
    touch,
    () => {
      touchedAt = Date.now()
    },
    { capture: true, passive: true },
  )

let lastCallAt = Date.now()
/** When the server last heard of us; the idle clock of the session runs from there. */
export const lastHeardAt = (): number => lastCallAt

const isPlain = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function spellQuery(input: Record<string, unknown>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || value === null || value === '') continue
    for (const one of Array.isArray(value) ? value : [value])
      query.append(name, typeof one === 'object' ? JSON.stringify(one) : String(one))
  }
  const spelled = query.toString()
  return spelled ? `?${spelled}` : ''
}

/** Method and address of a call; path parameters are taken out of the input. */
export function addressOf(
  name: EndpointName,
  input: unknown,
): { method: string; url: string; rest: Record<string, unknown>; kind: string } {
  const known = table[name]
  if (!known) throw new Error(`endpoint ${name} is not in the contract`)
  const [method, path, kind] = known
  const rest = isPlain(input) ? { ...input } : {}
  const filled = path.replace(/:(\w+)/g, (_, parameter: string) => {
    const value = rest[parameter]
    delete rest[parameter]
    return encodeURIComponent(String(value))
  })
  const inQuery = method === 'GET' || kind === 'file'
  return { method, url: `${prefixFor(name)}/api${filled}${inQuery ? spellQuery(rest) : ''}`, rest, kind }
}

async function toProblem(response: Response): Promise<ProblemError> {
  const body = (await response.json().catch(() => null)) as ProblemBody | null
  return new ProblemError(
    body && typeof body.type === 'string'
      ? body
      : {
          type: 'urn:changbai:problem:internal',
          title: response.statusText || String(response.status),
          status: response.status,
          instance: response.headers.get('x-request-id') ?? '',
        },
  )
}

async function send(name: EndpointName, input: unknown, options: CallOptions, body?: FormData): Promise<Response> {
  const { method, url, rest } = addressOf(name, input)
  const headers: Record<string, string> = { 'x-locale': language() }
  const attended = method !== 'GET' || Date.now() - touchedAt < ATTENDED_MILLISECONDS
  if (!attended) headers['x-unattended'] = '1'
  if (method !== 'GET') {
    headers['idempotency-key'] = options.idempotencyKey ?? newKey()
    if (!body) headers['content-type'] = 'application/json'
  }
  if (options.exportApproval) headers['x-export-approval'] = options.exportApproval
  const sent: RequestInit = { method, headers, credentials: 'same-origin' }
  if (options.signal) sent.signal = options.signal
  if (method !== 'GET') sent.body = body ?? JSON.stringify(rest)
  const response = await fetch(url, sent).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw networkProblem()
  })
  if (attended) lastCallAt = Date.now()
  learnServerTime(response.headers.get('date'))
  if (response.ok) return response
  const problem = await toProblem(response)
  if (problem.is('not-signed-in')) for (const hear of lossHearers) hear(problem)
  if (problem.is('export.needs-approval'))
    for (const hear of heldHearers) hear({ path: table[name]?.[1] ?? '', input: isPlain(input) ? { ...input } : {}, problem })
  throw problem
}

/** A key that no other intent has; crypto.randomUUID needs HTTPS, this does not. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Asks the server. Throws ProblemError, never anything else but an abort. */
export async function call<N extends EndpointName>(name: N, input: Sent<N>, options: CallOptions = {}): Promise<Received<N>> {
  const response = await send(name, input, options)
  return (await response.json()) as Received<N>
}

/** Uploads one file; the other members of the input travel beside it. */
export async function callWithFile<N extends EndpointName>(
  name: N,
  input: Sent<N>,
  file: File,
  options: CallOptions = {},
): Promise<Received<N>> {
  const body = new FormData()
  body.append('file', file, file.name)
  const response = await send(name, input, options, body)
  return (await response.json()) as Received<N>
}

const nameIn = (disposition: string | null): string => {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  return encoded ? decodeURIComponent(encoded) : (/filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1] ?? 'download')
}

/** Fetches bytes and hands them to the browser as a file; a refusal is a ProblemError as everywhere. */
export const download = <N extends EndpointName>(name: N, input: Sent<N>): Promise<void> => saveAs(name, input, {})

/** An export that was approved, with exactly what it was asked with; once. */
export function takeExport(path: string, input: unknown, exportApproval: string): Promise<void> {
  const name = (Object.keys(table) as EndpointName[]).find((one) => table[one]?.[1] === path && table[one]?.[2] === 'download')
  if (!name) throw new Error(`endpoint ${path} is not in the contract`)
  return saveAs(name, input, { exportApproval })
}

async function saveAs(name: EndpointName, input: unknown, options: CallOptions): Promise<void> {
  const response = await send(name, input, options)
  const url = URL.createObjectURL(await response.blob())
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = nameIn(response.headers.get('content-disposition'))
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** The bytes of a download, for the page itself. */
export async function bytesOf<N extends EndpointName>(name: N, input: Sent<N>): Promise<ArrayBuffer> {
  return (await send(name, input, {})).arrayBuffer()
}

/** Query options for TanStack Query: `useQuery(ask('process.task', { taskId }))`. */
export const ask = <N extends EndpointName>(name: N, input: Sent<N>) => ({
  queryKey: [name, input] as const,
  queryFn: ({ signal }: { signal: AbortSignal }): Promise<Received<N>> => call(name, input, { signal }),
})

/** Address of a server-sent event stream. */
export const streamAddress = <N extends EndpointName>(name: N, input: Sent<N>): string => addressOf(name, input).url
