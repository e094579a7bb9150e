import { rm } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import { newDataDir, startProduct } from './product.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A data folder as the first start left it, with its demo data. */
    preparedDir: string
  }
}

/** The first start is made once; whoever needs a product with its demo data goes on with a copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await newDataDir()
  const product = await startProduct({ dataDir })
  await product.stop()
  project.provide('preparedDir', dataDir)
  return () => rm(dataDir, { recursive: true, force: true })
}
