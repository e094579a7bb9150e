import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { ensureWeb } from '../bootstrap/web.mjs'
import { installWithApt } from './apt.mjs'
import { findBrowser } from './browser.mjs'

const node = process.execPath
const vitest = [node, 'node_modules/vitest/vitest.mjs', 'run']
const oldest = '/usr/lib/postgresql/15/bin'

/** Tests of SQL: the stores, the platform that carries them, the process engine, and the walk that calls every endpoint once. The rest speaks through these. */
const sqlTests = (root) =>
  globSync(
    [
      'packages/server/src/modules/*/*.store.test.ts',
      'packages/server/src/modules/process/**/*.test.ts',
      'packages/server/src/platform/{migrate,ledger/**,jobs,files,backup,backup/**}*.test.ts',
      'packages/server/test/{walk,database}.test.ts',
    ],
    { cwd: root },
  ).filter((path) => !path.includes('.domain.test.ts') && !path.includes('/domain/'))

/**
 * All that `npm test` does, in order: what is quick and what most often speaks first.
 * `prepare` answers the command to run, or `notHere` with the reason; `counts` says that the command is Vitest, `beside` that it goes on beside the checks.
 */
export const steps = [
  { name: 'lock', title: 'the lockfile serves every platform', prepare: () => ({ command: [node, 'scripts/lock.mjs', '--check'] }) },
  { name: 'types', title: 'TypeScript 7', prepare: () => ({ command: [node, 'scripts/types.mjs'] }) },
  {
    name: 'lint',
    title: 'Biome',
    prepare: () => ({ command: [node, 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] }),
  },
  { name: 'walls', title: 'who may import whom', prepare: () => ({ command: [node, 'scripts/walls.mjs'] }) },
  { name: 'unused', title: 'knip', prepare: () => ({ command: [node, 'node_modules/knip/bin/knip.js'] }) },
  {
    name: 'tests',
    title: 'unit, properties, integration on the embedded PostgreSQL',
    counts: true,
    prepare: () => ({ command: vitest, limitMinutes: 14 }),
  },
  {
    name: 'oldest',
    title: 'stores and engine on PostgreSQL 15, the oldest supported',
    counts: true,
    prepare(root) {
      if (!existsSync(oldest)) installWithApt('postgresql-15')
      if (!existsSync(oldest)) return { notHere: `not run: ${oldest} is not installed (on Debian: apt-get install postgresql-15)` }
      return { command: [...vitest, '--project', 'server', ...sqlTests(root)], env: { TEST_PG: '15' } }
    },
  },
  {
    name: 'journeys',
    title: 'whole journeys in Chromium',
    counts: true,
    beside: true,
    prepare(root) {
      const browser = findBrowser(root)
      ensureWeb(root, node)
      return { command: [...vitest, '--config', join('e2e', 'vitest.config.ts')], env: browser, limitMinutes: 12 }
    },
  },
]
