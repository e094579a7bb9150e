import { createConnection } from 'node:net'
import type { Services } from './database.store.ts'
import { type Finding, ok, trouble } from './finding.ts'

const CONNECT_MS = 3_000
const DAY_MS = 86_400_000

const canConnect = (host: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: CONNECT_MS })
    const end = (why: string | null) => {
      socket.destroy()
      resolve(why)
    }
    socket.once('connect', () => end(null))
    socket.once('timeout', () => end('no answer'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })

async function checkMail({ name, host, port }: Services['mail'][number]): Promise<Finding> {
  const why = await canConnect(host, port)
  return why === null
    ? ok('mail', `${name}：${host}:${port} 可连接`, `${name}: ${host}:${port} accepts connections`)
    : trouble(
        'failed',
        'mail',
        [`${name}：${host}:${port} 连不上（${why}）`, `${name}: ${host}:${port} cannot be reached (${why})`],
        ['检查地址与防火墙；设置页可发一封测试邮件', 'check address and firewall; the settings page sends a test message'],
      )
}

function checkCloud({ name, driver, at, ok: isWell, problems }: Services['clouds'][number], now: number): Finding {
  if (driver !== 'openstack')
    return ok(
      'cloud',
      `${name}：${driver === 'simulator' ? '模拟云' : '人工办理'}`,
      `${name}: ${driver === 'simulator' ? 'simulated' : 'done by people'}`,
    )
  if (isWell && at !== null && now - Date.parse(at) < DAY_MS) return ok('cloud', `${name}：${at} 检查正常`, `${name}: found well at ${at}`)
  return trouble(
    'failed',
    'cloud',
    [
      `${name}：${problems.join('；') || `上次检查 ${at ?? '从未'}`}`,
      `${name}: ${problems.join('; ') || `last looked at ${at ?? 'never'}`}`,
    ],
    ['设置 → 云连接 → 检查', 'Settings → Cloud connection → Check'],
  )
}

/** Mail relays are connected to; clouds are judged by the product's own last look at them. */
export async function checkServices({ mail, clouds }: Services, now: number): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const relay of mail) findings.push(await checkMail(relay))
  if (mail.length === 0)
    findings.push(
      trouble(
        'warning',
        'mail',
        ['没有启用的邮件通道，通知只到收件箱', 'No mail channel is in use: notices reach the inbox only'],
        ['设置 → 通知通道', 'Settings → Notification channels'],
      ),
    )
  for (const cloud of clouds) findings.push(checkCloud(cloud, now))
  if (clouds.length === 0)
    findings.push(
      trouble('warning', 'cloud', ['没有启用的云连接', 'No cloud connection is in use'], ['设置 → 云连接', 'Settings → Cloud connection']),
    )
  return findings
}
