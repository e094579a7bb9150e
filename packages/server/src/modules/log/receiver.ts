import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { systemActor } from '../../platform/actor.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { monitoredComponents, monitoredServers } from '../inventory/index.ts'
import { keepLogDays } from './log.service.ts'
import { type DeviceTally, insertLines, type NewLine, noteDevices } from './log.store.ts'
import { readSyslog, SyslogFrames } from './syslog.domain.ts'

export interface SyslogPorts {
  host: string
  /** 0: any free one (tests); undefined: not opened. */
  udp?: number | undefined
  tcp?: number | undefined
  tls?: { port: number; key: string; cert: string } | undefined
}

export interface SyslogReceiver {
  /** Where it listens. */
  ports: { udp?: number; tcp?: number; tls?: number }
  /** Datagrams that found no room, messages that were cut, senders that were refused. */
  readonly lost: { dropped: number; cut: number; refused: number }
  /** Everything that has arrived is durable when this returns. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** Lines of one statement. */
const WRITE_LINES = 2_000
/** Lines that wait for the disk; beyond it streams are no longer read, and datagrams are dropped and counted. */
const WAITING_MAX = 20_000
const PAUSE_FROM = 10_000
const CONNECTIONS_MAX = 2_000
const FRESH_MS = 60_000
const RETRY_MS = 2_000
/** Room the kernel keeps for datagrams while we write, where it allows it. */
const UDP_BUFFER = 8 * 1024 * 1024

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '')

/** Takes syslog in over UDP, TCP and TLS. Nothing acknowledges in syslog: a stream is read only as fast as lines become durable. */
export async function startSyslog(runtime: Runtime, ports: SyslogPorts): Promise<SyslogReceiver> {
  const { door, log } = runtime
  const waiting: NewLine[] = []
  const paused = new Set<Socket>()
  const open = new Set<Socket>()
  const lost = { dropped: 0, cut: 0, refused: 0 }
  let known: { at: number; items: Map<string, string> } = { at: 0, items: new Map() }
  let writing: Promise<void> | null = null
  let isClosed = false

  const enter = { actor: systemActor('log') }
  await door.enter(enter, keepLogDays)

  async function itemsByName(): Promise<Map<string, string>> {
    const now = door.clock().epochMilliseconds
    if (now - known.at >= FRESH_MS) {
      const { servers, components } = await door.enter({ ...enter, readOnly: true }, async (ctx) => ({
        servers: await monitoredServers(ctx),
        components: await monitoredComponents(ctx),
      }))
      const items = servers.flatMap(({ id, name, addresses, bmcAddress }) => [
        [name.toLowerCase(), id] as const,
        ...addresses.map(({ address }) => [address, id] as const),
        ...(bmcAddress ? [[bmcAddress, id] as const] : []),
      ])
      for (const { id, name, address } of components) items.push([name.toLowerCase(), id], [address, id])
      known = { at: now, items: new Map(items) }
    }
    return known.items
  }

  async function writeSome(): Promise<void> {
    const lines = waiting.slice(0, WRITE_LINES)
    const items = await itemsByName()
    const tallies = new Map<string, DeviceTally>()
    for (const line of lines) {
      line.itemId = items.get(line.device.toLowerCase()) ?? items.get(line.address) ?? null
      const tally = tallies.get(line.device)
      if (tally) {
        tally.lines += 1
        tally.lastMs = line.receivedMs
      } else
        tallies.set(line.device, {
          address: line.address,
          itemId: line.itemId,
          lines: 1,
          firstMs: line.receivedMs,
          lastMs: line.receivedMs,
        })
    }
    await door.db.transaction().execute(async (db) => {
      await insertLines(db, lines)
      await noteDevices(db, tallies)
    })
    waiting.splice(0, lines.length)
    if (waiting.length < PAUSE_FROM) {
      for (const socket of paused) socket.resume()
      paused.clear()
    }
  }
  async function write(): Promise<void> {
    while (waiting.length > 0) {
      try {
        await writeSome()
      } catch (err) {
        if (isClosed) {
          lost.dropped += waiting.length
          waiting.length = 0
          return
        }
        log.warn({ err, waiting: waiting.length }, 'log lines wait, the database is away')
        await new Promise((done) => setTimeout(done, RETRY_MS))
      }
    }
  }
  const wake = (): void => {
    writing ??= new Promise<void>((done) => setImmediate(done)).then(write).finally(() => {
      writing = null
      if (waiting.length > 0) wake()
    })
  }

  function take(raw: string, address: string): void {
    const receivedMs = door.clock().epochMilliseconds
    const { host, ...line } = readSyslog(raw, receivedMs)
    waiting.push({ ...line, receivedMs, device: host || address, address, itemId: null })
    wake()
  }

  function onStream(socket: Socket): void {
    if (open.size >= CONNECTIONS_MAX) {
      lost.refused += 1
      socket.destroy()
      return
    }
    open.add(socket)
    const address = plain(socket.remoteAddress ?? '')
    const frames = new SyslogFrames()
    const takeAll = (lines: string[]): void => {
      for (const line of lines) take(line, address)
      lost.cut += frames.cut
      frames.cut = 0
      if (waiting.length < PAUSE_FROM) return
      socket.pause()
      paused.add(socket)
    }
    socket.on('data', (chunk: Buffer) => takeAll(frames.push(chunk)))
    socket.on('end', () => takeAll(frames.end()))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      open.delete(socket)
      paused.delete(socket)
    })
  }

  const listen = (server: Server, port: number): Promise<number> =>
    new Promise((done, failed) => {
      server.once('error', failed)
      server.listen(port, ports.host, () => {
        server.off('error', failed)
        server.on('error', (err) => log.error({ err }, 'syslog'))
        done((server.address() as AddressInfo).port)
      })
    })

  const servers: Server[] = []
  const found: SyslogReceiver['ports'] = {}
  let udp: UdpSocket | null = null
  if (ports.udp !== undefined) {
    const socket = createSocket({ type: ports.host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: UDP_BUFFER })
    udp = socket
    socket.on('message', (message, sender) => {
      if (waiting.length >= WAITING_MAX) lost.dropped += 1
      else take(message.toString('utf8').replace(/\n$/, ''), plain(sender.address))
    })
    await new Promise<void>((done, failed) => {
      socket.once('error', failed)
      socket.bind(ports.udp, ports.host, () => {
        socket.off('error', failed)
        socket.on('error', (err) => log.error({ err }, 'syslog'))
        done()
      })
    })
    found.udp = socket.address().port
  }
  if (ports.tcp !== undefined) {
    const server = createServer(onStream)
    servers.push(server)
    found.tcp = await listen(server, ports.tcp)
  }
  if (ports.tls) {
    const server = createTlsServer({ key: ports.tls.key, cert: ports.tls.cert, minVersion: 'TLSv1.2' }, onStream)
    server.on('tlsClientError', () => {
      lost.refused += 1
    })
    servers.push(server)
    found.tls = await listen(server, ports.tls.port)
  }

  return {
    ports: found,
    lost,
    async settle() {
      while (writing) await writing
    },
    async close() {
      isClosed = true
      udp?.close()
      for (const socket of open) socket.destroy()
      await Promise.all(servers.map((server) => new Promise<void>((done) => server.close(() => done()))))
      while (writing) await writing
    },
  }
}
