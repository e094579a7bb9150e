import { defineConfig } from 'vitest/config'

/** Every end state of the processes of a resource's life, by hand in a browser: a command of its own, `npm run test:ends`. */
export default defineConfig({
  test: {
    name: 'ends',
    root: import.meta.dirname,
    include: ['ends/*.live.ts'],
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    retry: 0,
  },
})
