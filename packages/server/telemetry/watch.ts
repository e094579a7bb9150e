import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

/** How the house was at one moment. */
interface Moment {
  minute: number
  /** Memory of the server process, MB. */
  memory: number
  samples: number
  /** Alarms that are open, and all there ever were. */
  open: number
  raised: number
  /** How long ago the wall last got its board, in seconds: the largest since the moment before. */
  wallAge: number
}
export interface Watched {
  moments: readonly Moment[]
  /** What the page itself complained of. */
  complaints: readonly string[]
  /** Boards that were not given, by what the server said; a busy server is asked again. */
  refused: ReadonlyMap<number, number>
}
interface Given {
  url: string
  /** The token of the screen. */
  token: string
  serverPid: number
  count(): Promise<Pick<Moment, 'samples' | 'open' | 'raised'>>
}
const EVERY_MS = 60_000
const LOOK_MS = 500

const memoryOf = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

/** Hangs the wall display up in a browser and notes every minute how the house is, until it is told to end. */
export async function watchHouse({ url, token, serverPid, count }: Given): Promise<() => Promise<Watched>> {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'zh-CN' })
  const complaints: string[] = []
  const refused = new Map<number, number>()
  let boardAt = Date.now()
  let oldest = 0
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('response', (response) => {
    if (!response.url().endsWith('/api/wall/board')) return
    if (response.ok()) boardAt = Date.now()
    else refused.set(response.status(), (refused.get(response.status()) ?? 0) + 1)
  })
  await page.addInitScript((given) => localStorage.setItem('changbai.wall-token', given), token)
  await page.goto(`${url}/wall`)
  const looking = setInterval(() => {
    oldest = Math.max(oldest, Date.now() - boardAt)
  }, LOOK_MS)
  const begunAt = Date.now()
  const moments: Moment[] = []
  const note = async (): Promise<void> => {
    const wallAge = oldest / 1000
    oldest = 0
    moments.push({ minute: Math.round((Date.now() - begunAt) / 60_000), memory: memoryOf(serverPid), wallAge, ...(await count()) })
  }
  const noting = setInterval(() => void note().catch((error: Error) => complaints.push(error.message)), EVERY_MS)
  return async () => {
    clearInterval(noting)
    clearInterval(looking)
    await note()
    if (process.env.WALL_SHOT) await page.screenshot({ path: process.env.WALL_SHOT })
    await browser.close()
    return { moments, complaints, refused }
  }
}

export const tableOf = (moments: readonly Moment[]): string =>
  [
    'minute  memory MB   samples  open  raised  oldest board s',
    ...moments.map(({ minute, memory, samples, open, raised, wallAge }) =>
      [String(minute).padStart(6), memory.toFixed(0).padStart(11), String(samples).padStart(10), String(open).padStart(6)]
        .concat([String(raised).padStart(8), wallAge.toFixed(1).padStart(16)])
        .join(''),
    ),
  ].join('\n')
