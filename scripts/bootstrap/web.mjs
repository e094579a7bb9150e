import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { refuse, showStep } from './say.mjs'

const folders = ['packages/web', 'packages/contract/src']
const isSource = (path) => !/(^|\/)(node_modules|dist|\.vite)(\/|$)/.test(path)

/** One digest of everything the pages are built from; some hundred files, 20 ms. */
function digestSources(root) {
  const digest = createHash('sha256')
  for (const folder of folders) {
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .filter((path) => isSource(path.slice(root.length)))
      .sort()
    for (const file of files) digest.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0')
  }
  return digest.update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
}

/** Builds the pages when their sources have changed since the last build. */
export function ensureWeb(root, runtime) {
  const stamp = join(root, 'packages/web/dist/.built-from')
  const digest = digestSources(root)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  const done = showStep('构建页面', 'Building the pages')
  const result = spawnSync(runtime, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'packages/web'),
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  })
  done()
  if (result.status !== 0) refuse('页面构建失败。', `Building the pages failed.\n${result.stdout}${result.stderr}`)
  mkdirSync(join(root, 'packages/web/dist'), { recursive: true })
  writeFileSync(stamp, digest)
}
