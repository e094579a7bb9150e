// Changes, reclaims and migrations by hand in a browser to every end state their BPMN files name, on the simulator, about twenty minutes:
// npm run test:ends. A part by the name of its file: npm run test:ends -- change (server-reclaim, storage-reclaim, migration); one matter:
// npm run test:ends -- migration -t endRolledBack. SHOTS=folder keeps a picture of every matter at its end, and its paper.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
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
// the pages of one's own: a build meanwhile pulls them away under a running server
const webDir = mkdtempSync(join(tmpdir(), 'changbai-pages-'))
cpSync(join(root, 'packages/web/dist'), webDir, { recursive: true })
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
  { cwd: root, stdio: 'inherit', env: { READY_SECONDS: '600', ...process.env, ...findBrowser(root), WEB_DIR: webDir } },
)
rmSync(webDir, { recursive: true, force: true })
process.exit(status ?? 1)
