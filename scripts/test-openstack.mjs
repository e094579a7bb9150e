// Runs against a real OpenStack, first the driver, then the whole journey in a browser: npm run test:openstack [-- driver | journey].
// Source the cloud's openrc before; see docs/model/cloud.md.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureWeb } from './bootstrap/web.mjs'
import { findBrowser } from './test/browser.mjs'

const needed = ['OS_AUTH_URL', 'OS_USERNAME', 'OS_PASSWORD', 'OS_PROJECT_NAME']
const missing = needed.filter((name) => !process.env[name])
if (missing.length > 0) {
  console.error(`Set ${missing.join(', ')} (source the cloud's openrc), then: npm run test:openstack`)
  process.exit(2)
}
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const [part, ...rest] = process.argv.slice(2)
const parts = {
  driver: { config: join('packages', 'server', 'openstack', 'vitest.config.ts'), prepare: () => ({}) },
  journey: {
    config: join('e2e', 'openstack.config.ts'),
    prepare() {
      ensureWeb(root, process.execPath)
      return findBrowser(root)
    },
  },
}
const chosen = part in parts ? [part] : Object.keys(parts)
const args = part in parts ? rest : process.argv.slice(2)
for (const name of chosen) {
  const { config, prepare } = parts[name]
  const { status } = spawnSync(
    process.execPath,
    [join('node_modules', 'vitest', 'vitest.mjs'), 'run', '--config', config, '--reporter=verbose', ...args],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...prepare() } },
  )
  if (status !== 0) process.exit(status ?? 1)
}
