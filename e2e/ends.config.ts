import { defineConfig } from 'vitest/config'

/** Every end state of the processes of a resource's life, by hand in a browser: a command of its own, `npm run test:ends`. */
export default defineConfig({
  test: {
    name: 'ends',
    root: import.meta.dirname,
    include: ['ends/*.live.ts'],
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
    retry: 0,
  },
})
