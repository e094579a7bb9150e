import { defineConfig } from 'vitest/config'

/** Runs against real systems: commands of their own, never part of `npm test`. `name` is the folder beside this one that holds `*.live.ts`. */
export const liveConfig = (name: string, testTimeout: number) =>
  defineConfig({
    test: {
      name,
      root: new URL('../../..', import.meta.url).pathname,
      include: [`packages/server/${name}/**/*.live.ts`],
      globalSetup: ['packages/server/test/database.setup.ts'],
      env: { TZ: 'America/St_Johns' },
      pool: 'forks',
      maxWorkers: 1,
      testTimeout,
      hookTimeout: 120_000,
    },
  })
