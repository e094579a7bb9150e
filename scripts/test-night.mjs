// A whole night on the running product, about four minutes: npm run test:night. Needs prometheus; on Debian: apt-get install prometheus.
// Ends with a table of every clock, made by hand, told by the product and told by the command line; exit code 1 when they differ.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './bootstrap/install.mjs'
import { findRuntime } from './bootstrap/runtime.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
if (spawnSync('which', ['prometheus'], { stdio: 'ignore' }).status !== 0) {
  console.error('prometheus is not on the PATH')
  process.exit(2)
}
await ensureInstalled(root)
const { status } = spawnSync(findRuntime(root), ['e2e/night/night.live.ts'], { cwd: root, stdio: 'inherit' })
process.exit(status ?? 1)
