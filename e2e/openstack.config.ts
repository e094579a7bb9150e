import { defineConfig } from 'vitest/config'

/** The journey with a real cloud: a command of its own. */
export default defineConfig({
  test: {
    name: 'openstack journey',
    root: import.meta.dirname,
    include: ['*.live.ts'],
    fileParallelism: false,
    testTimeout: 3_000_000,
    hookTimeout: 180_000,
  },
})
