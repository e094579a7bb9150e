import { defineConfig } from 'vitest/config'

/** Runs real senders and a real engine: a command of its own, never part of `npm test`. */
export default defineConfig({
  test: {
    name: 'telemetry',
    root: new URL('../../..', import.meta.url).pathname,
    include: ['packages/server/telemetry/**/*.live.ts'],
    globalSetup: ['packages/server/test/database.setup.ts'],
    env: { TZ: 'America/St_Johns' },
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})
