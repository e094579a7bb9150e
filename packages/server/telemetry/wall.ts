import { chromium } from 'playwright-core'

/** A picture of the wall display as it hangs, 1920x1080, with its own token. */
export async function showWall(url: string, token: string, file: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'zh-CN' })
    await page.addInitScript((given) => localStorage.setItem('changbai.wall-token', given), token)
    await page.goto(`${url}/wall`)
    await page.waitForTimeout(6_000)
    await page.screenshot({ path: file })
  } finally {
    await browser.close()
  }
}
