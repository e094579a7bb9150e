import { defineConfig } from 'vitest/config'

/** Journeys use one machine's browser and processor: one after another, each with a whole product of its own. */
export default defineConfig({
  test: {
    name: 'journeys',
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    globalSetup: ['support/prepared.setup.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    retry: 0,
  },
})
