// Changes, reclaims and migrations by hand in a browser to every end state their BPMN files name, on the simulator, about ten minutes:
// npm run test:ends. SHOTS=folder keeps a picture of every matter at its end.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './bootstrap/install.mjs'
import { findRuntime } from './bootstrap/runtime.mjs'
import { ensureWeb } from './bootstrap/web.mjs'
import { findBrowser } from './test/browser.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
await ensureInstalled(root)
const node = findRuntime(root)
ensureWeb(root, node)
const { status } = spawnSync(
  node,
  [
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    join('e2e', 'ends.config.ts'),
    '--reporter=verbose',
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ...findBrowser(root) } },
)
process.exit(status ?? 1)
