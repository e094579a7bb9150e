import { defineConfig } from 'vitest/config'

/** Runs a real IMAP server and a real mail transfer agent: a command of its own, never part of `npm test`. */
export default defineConfig({
  test: {
    name: 'mail',
    root: new URL('../../..', import.meta.url).pathname,
    include: ['packages/server/mail/**/*.live.ts'],
    globalSetup: ['packages/server/test/database.setup.ts'],
    env: { TZ: 'America/St_Johns' },
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})
