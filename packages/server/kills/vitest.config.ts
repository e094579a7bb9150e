import { defineConfig } from 'vitest/config'

/** Kills server processes for minutes: a command of its own, never part of `npm test`. */
export default defineConfig({
  test: {
    name: 'kills',
    root: new URL('../../..', import.meta.url).pathname,
    include: ['packages/server/kills/**/*.live.ts'],
    globalSetup: ['packages/server/test/database.setup.ts'],
    env: { TZ: 'America/St_Johns' },
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 7_200_000,
    hookTimeout: 120_000,
  },
})
