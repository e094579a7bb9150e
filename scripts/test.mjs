/**
 * `npm test`: every check there is, on a machine that has Node 20, npm and nothing else. This file installs what is missing and hands over
 * to the pinned Node; scripts/test/steps.mjs is the list.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './bootstrap/install.mjs'
import { findRuntime } from './bootstrap/runtime.mjs'
import { Refusal } from './bootstrap/say.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

async function run() {
  await ensureInstalled(root)
  const child = spawn(findRuntime(root), [join(root, 'scripts/test/run.mjs'), ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
  // Ctrl-C reaches the child as well: it ends its step and says so
  process.on('SIGINT', () => {})
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)))
}

run().then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`\n${error instanceof Refusal ? error.message : error.stack}\n0 passed, 1 failed\n`)
    process.exit(1)
  },
)
