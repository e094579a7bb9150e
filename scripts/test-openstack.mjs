// Runs the driver against a real OpenStack. Source its openrc first; see docs/model/cloud.md.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const needed = ['OS_AUTH_URL', 'OS_USERNAME', 'OS_PASSWORD', 'OS_PROJECT_NAME']
const missing = needed.filter((name) => !process.env[name])
if (missing.length > 0) {
  console.error(`Set ${missing.join(', ')} (source the cloud's openrc), then: npm run test:openstack`)
  process.exit(2)
}
const root = fileURLToPath(new URL('..', import.meta.url))
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'packages/server/openstack/vitest.config.ts',
    '--reporter=verbose',
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
)
process.exit(status ?? 1)
