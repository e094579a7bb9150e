import pg from 'pg'
import type { Log } from './log.ts'

/** Says across processes that something changed: PostgreSQL NOTIFY, one listening connection a process. */
export interface Live {
  /** @returns the way to stop listening */
  listen(channel: string, hear: (payload: string) => void): () => void
  close(): Promise<void>
}

const RECONNECT_MILLISECONDS = 1_000

/** Keeps one connection listening, re-made when it breaks; hearers then get an empty payload, meaning "look again". */
export function openLive(url: string, log: Log): Live {
  const hearers = new Map<string, Set<(payload: string) => void>>()
  let client: pg.Client | null = null
  let closed = false
  let timer: NodeJS.Timeout | null = null

  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: 'changbai-live', keepAlive: true })
    const lost = (): void => {
      if (client === next) client = null
      next.removeAllListeners()
      next.on('error', () => {})
      if (!closed && !timer) {
        timer = setTimeout(() => {
          timer = null
          connect().catch((err) => {
            log.warn({ err }, 'live channel lost, reconnecting')
            lost()
          })
        }, RECONNECT_MILLISECONDS)
        timer.unref()
      }
    }
    next.on('error', lost)
    next.on('end', lost)
    next.on('notification', ({ channel, payload }) => {
      for (const hear of hearers.get(channel) ?? []) hear(payload ?? '')
    })
    await next.connect()
    client = next
    for (const [channel, set] of hearers) {
      await next.query(`listen "${channel}"`)
      for (const hear of set) hear('')
    }
  }
  // one query after another: a connection carries one at a time
  let ready: Promise<unknown> = connect().catch((err) => log.warn({ err }, 'live channel'))

  return {
    listen(channel, hear) {
      if (!/^[a-z_]+$/.test(channel)) throw new Error(`channel ${channel}`)
      let set = hearers.get(channel)
      if (!set) {
        set = new Set()
        hearers.set(channel, set)
        ready = ready.then(() => client?.query(`listen "${channel}"`)).catch(() => {})
      }
      set.add(hear)
      return () => set.delete(hear)
    },
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      await ready
      await client?.end().catch(() => {})
    },
  }
}
