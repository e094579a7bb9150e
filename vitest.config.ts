import { defineConfig } from 'vitest/config'

const withoutDatabase = [
  'packages/contract/src/**/*.test.ts',
  'packages/verify/src/**/*.test.ts',
  'packages/web/src/**/*.test.{ts,tsx}',
  'packages/server/src/**/*.domain.test.ts',
  'packages/server/src/**/domain/**/*.test.ts',
  'packages/server/src/platform/{embedded/*,tls}.test.ts',
]

/**
 * Two projects, because only one of them needs a server: `pure` runs in milliseconds, `server` starts one PostgreSQL for the whole run
 * (packages/server/test/database.setup.ts). Files of one worker share its modules: loading the product anew for each took as long as the tests
 * themselves, and nothing but caches is kept in a module. The time zone is a strange one on purpose: nothing may depend on the machine's.
 */
export default defineConfig({
  test: {
    env: { TZ: 'America/St_Johns' },
    projects: [
      { extends: true, test: { name: 'pure', include: withoutDatabase, isolate: false, testTimeout: 30_000, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['packages/server/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...withoutDatabase],
          globalSetup: ['packages/server/test/database.setup.ts'],
          pool: 'forks',
          maxWorkers: 2,
          isolate: false,
          // after the pure ones: two projects of different workers cannot share them
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
