import { defineConfig } from 'vitest/config'

/** Runs against a real cloud: a command of its own, never part of `npm test`. */
export default defineConfig({
  test: {
    name: 'openstack',
    root: new URL('../../..', import.meta.url).pathname,
    include: ['packages/server/openstack/**/*.live.ts'],
    globalSetup: ['packages/server/test/database.setup.ts'],
    env: { TZ: 'America/St_Johns' },
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
})
