// Kills whole server processes at random moments of provisioning: KILLS=200 SEED=7 npm run test:kills. See docs/model/provisioning.md.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'packages/server/kills/vitest.config.ts',
    '--reporter=verbose',
    ...process.argv.slice(2),
  ],
  { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: 'inherit' },
)
process.exit(status ?? 1)
