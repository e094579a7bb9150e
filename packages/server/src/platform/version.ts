import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

const ROOT = new URL('../../../../', import.meta.url)

export const productVersion = (): string => (JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { version: string }).version

/** What changed, as it lies beside the program. */
export const readChangelog = (locale: 'zh-CN' | 'en-US'): Promise<string> =>
  readFile(new URL(locale === 'en-US' ? 'CHANGELOG.md' : 'CHANGELOG.zh-CN.md', ROOT), 'utf8')
