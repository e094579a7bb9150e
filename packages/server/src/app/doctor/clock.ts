import { createSocket } from 'node:dgram'
import { type Finding, ok, trouble } from './finding.ts'

/** Seconds between 1900, where NTP counts from, and 1970. */
const NTP_EPOCH = 2_208_988_800
const PACKET_BYTES = 48
const TRANSMITTED_AT = 40
/** Version 4, client. */
const CLIENT = 0x23
const ANSWER_MS = 3_000
/** Availability is judged to the second; a clock may be off by a tenth of one. */
const ALLOWED_MS = 100
const GRAVE_MS = 1_000

/** Milliseconds by which the server is ahead of us (RFC 4330, half of the round trip taken off). @throws when nothing answers in time */
export function askTimeServer(host: string, port = 123): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    const end = (settle: () => void) => {
      clearTimeout(timer)
      socket.close()
      settle()
    }
    const timer = setTimeout(() => end(() => reject(new Error('no answer'))), ANSWER_MS)
    socket.once('error', (error) => end(() => reject(error)))
    const packet = Buffer.alloc(PACKET_BYTES)
    packet[0] = CLIENT
    const sentAt = Date.now()
    socket.once('message', (answer) => {
      const heardAt = Date.now()
      if (answer.length < PACKET_BYTES) return end(() => reject(new Error('the answer is too short')))
      const seconds = answer.readUInt32BE(TRANSMITTED_AT) - NTP_EPOCH
      const fraction = answer.readUInt32BE(TRANSMITTED_AT + 4) / 2 ** 32
      end(() => resolve((seconds + fraction) * 1000 - (sentAt + heardAt) / 2))
    })
    socket.send(packet, port, host)
  })
}

export function judgeOffset(what: string, whatEn: string, offsetMs: number): Finding {
  const off = Math.abs(Math.round(offsetMs))
  const zh = `与${what}相差 ${off} 毫秒`
  const en = `${off} ms off ${whatEn}`
  if (off <= ALLOWED_MS) return ok('clock', zh, en)
  return trouble(
    off > GRAVE_MS ? 'failed' : 'warning',
    'clock',
    [zh, en],
    [
      '用 chrony 或 systemd-timesyncd 对时；时限与可用性都按这个时钟计',
      'keep it by chrony or systemd-timesyncd; limits and availability are judged by this clock',
    ],
  )
}

/** By the time server the administrator names; without one nothing outside can be asked, and that is said. */
export async function checkClock(server: string | undefined): Promise<Finding> {
  if (!server)
    return trouble(
      'unknown',
      'clock',
      ['没有指定时间服务器，未核对', 'No time server was named, so the clock was not compared'],
      ['changbai doctor --ntp 时间服务器地址', 'changbai doctor --ntp HOST'],
    )
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(server) ?? []
  try {
    return judgeOffset('时间服务器', 'the time server', await askTimeServer(bracketed ?? plain ?? server, port ? Number(port) : undefined))
  } catch (error) {
    return trouble(
      'failed',
      'clock',
      [`时间服务器 ${server} 没有应答`, `The time server ${server} does not answer: ${(error as Error).message}`],
      ['检查地址与 UDP 123 端口', 'check the address and UDP port 123'],
    )
  }
}
