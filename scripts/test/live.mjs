import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs the live tests of `packages/server/<folder>` and ends with their code; what the caller typed chooses among them. */
export function runLive(folder, { only = [], env = {} } = {}) {
  const config = join('packages', 'server', folder, 'vitest.config.ts')
  const vitest = join('node_modules', 'vitest', 'vitest.mjs')
  const args = [vitest, 'run', '--config', config, '--reporter=verbose', ...only, ...process.argv.slice(2)]
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...env, ...process.env } })
  process.exit(status ?? 1)
}

/** Ends with 2, wrong use, and says what is not here. */
export function requireAll(missing, sentence) {
  if (missing.length === 0) return
  console.error(`${sentence}: ${missing.join(', ')}`)
  process.exit(2)
}
