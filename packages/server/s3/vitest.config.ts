import { defineConfig } from 'vitest/config'

/** Runs against a real store: a command of its own, never part of `npm test`. */
export default defineConfig({
  test: {
    name: 's3',
    root: new URL('../../..', import.meta.url).pathname,
    include: ['packages/server/s3/**/*.live.ts'],
    globalSetup: ['packages/server/test/database.setup.ts'],
    env: { TZ: 'America/St_Johns' },
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})
