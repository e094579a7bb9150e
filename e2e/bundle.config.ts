import { defineConfig } from 'vitest/config'

/** The unpacked bundle where there is no network at all: a command of its own, `npm run test:bundle`. */
export default defineConfig({
  test: {
    name: 'bundle',
    root: import.meta.dirname,
    include: ['bundle.offline.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
})
