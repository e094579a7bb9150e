import { Agent, request as httpRequest } from 'node:http'
import { compressSnappy } from './snappy.ts'

export const SERIES = 10_000
export const BATCH = 2_000
export const STEP_MS = 15_000

const names = [
  'node_cpu_seconds_total',
  'node_network_receive_bytes_total',
  'node_memory_usage_percent',
  'node_filesystem_avail_bytes',
  'node_load1',
  'vm_disk_io_total',
  'vm_cpu_usage_percent',
  'switch_port_octets_total',
  'storage_pool_used_percent',
  'http_request_duration_seconds',
]

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) | 0x80)
    rest = Math.floor(rest / 128)
  }
  return Buffer.from([...bytes, rest])
}
const field = (tag: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.from([tag]), varint(bytes.length), bytes])
const label = (name: string, value: string): Buffer =>
  field(0x0a, Buffer.concat([field(0x0a, Buffer.from(name)), field(0x12, Buffer.from(value))]))

interface One {
  number: number
  value: number
  labels: Buffer
}

/** Half counters with random steps, half gauges of two decimals, eight labels each. `random` is seeded: every run writes the same numbers. */
export class Stream {
  private readonly series: One[]
  private readonly templates: { bytes: Buffer; at: number[]; list: One[] }[]
  private seed = 7

  constructor() {
    this.series = Array.from({ length: SERIES }, (_, i) => {
      const all: [string, string][] = [
        ['__name__', names[i % 10] as string],
        ['device', `dev${Math.floor(i / 10) % 2}`],
        ['env', 'prod'],
        ['instance', `node-${String(Math.floor(i / 20)).padStart(4, '0')}:9100`],
        ['job', 'node'],
        ['region', `r${i % 3}`],
        ['tenant', `tenant-${i % 40}`],
        ['zone', `az${i % 5}`],
      ]
      return { number: i, value: 1000 + i, labels: Buffer.concat(all.map(([name, value]) => label(name, value))) }
    })
    this.templates = Array.from({ length: SERIES / BATCH }, (_, b) => {
      const list = this.series.slice(b * BATCH, (b + 1) * BATCH)
      const at: number[] = []
      const parts: Buffer[] = []
      let length = 0
      for (const { labels } of list) {
        const part = field(0x0a, Buffer.concat([labels, field(0x12, Buffer.alloc(16))]))
        length += part.length
        at.push(length - 16)
        parts.push(part)
      }
      return { bytes: Buffer.concat(parts), at, list }
    })
  }

  private random(): number {
    this.seed = (Math.imul(this.seed, 1_103_515_245) + 12_345) >>> 0
    return this.seed / 2 ** 32
  }
  private next(one: One): number {
    one.value =
      one.number % 2
        ? one.value + Math.floor(this.random() * 500)
        : Math.round((50 + 40 * Math.sin(one.number + one.value / 1e4) + this.random() * 3) * 100) / 100
    return one.value
  }

  /** The requests of one instant, packed. */
  step(atMs: number): Buffer[] {
    const instant = varint(atMs)
    return this.templates.map(({ bytes, at, list }) => {
      for (const [i, one] of list.entries()) {
        const from = at[i] as number
        bytes[from] = 0x09
        bytes.writeDoubleLE(this.next(one), from + 1)
        bytes[from + 9] = 0x10
        instant.copy(bytes, from + 10)
      }
      return compressSnappy(bytes)
    })
  }
}

export interface Target {
  url: string
  token?: string
}

/** Sends the requests over `callers` connections, those of one group of series always over the same, and waits for each answer. */
export async function sendAll(
  target: Target,
  steps: readonly Buffer[][],
  callers: number,
): Promise<{ seconds: number; ms: number[]; refused: number }> {
  const ms: number[] = []
  let refused = 0
  const queues: Buffer[][] = Array.from({ length: callers }, () => [])
  for (const step of steps) for (const [b, body] of step.entries()) queues[b % callers]?.push(body)
  const startedAt = performance.now()
  await Promise.all(
    queues.map(async (bodies) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      for (const body of bodies) {
        const at = performance.now()
        let status = await post(target, body, agent)
        // as a sender does: asked to come back, it does
        for (let tries = 0; status === 503 && tries < 100; tries++) {
          await new Promise((done) => setTimeout(done, 50))
          status = await post(target, body, agent)
        }
        ms.push(performance.now() - at)
        if (status > 299) refused += 1
      }
      agent.destroy()
    }),
  )
  return { seconds: (performance.now() - startedAt) / 1000, ms, refused }
}

const post = (target: Target, body: Buffer, agent: Agent): Promise<number> =>
  new Promise((done, failed) => {
    const sent = httpRequest(
      target.url,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/x-protobuf',
          'content-encoding': 'snappy',
          'content-length': body.length,
          'x-prometheus-remote-write-version': '0.1.0',
          ...(target.token ? { authorization: `Bearer ${target.token}` } : {}),
        },
      },
      (reply) => {
        reply.resume()
        reply.on('end', () => done(reply.statusCode ?? 0))
      },
    )
    sent.on('error', failed)
    sent.end(body)
  })
