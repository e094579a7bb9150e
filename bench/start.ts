/** How long a person waits: the embedded database from nothing, the first start with demo data, and every start after it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProduct } from '../e2e/support/product.ts'
import { startEmbedded } from '../packages/server/src/platform/embedded/embedded.ts'
import { report, round } from './support/report.ts'
import { median } from './support/stage.ts'

const seconds = (ms: number) => `${round(ms / 1000, 2)} s`
const ROUNDS = 5

const folder = await mkdtemp(join(tmpdir(), 'changbai-bench-'))
try {
  const fromNothing: number[] = []
  const again: number[] = []
  for (let turn = 0; turn < 3; turn += 1) {
    const dataDir = join(folder, `database-${turn}`)
    for (const times of [fromNothing, again]) {
      const at = performance.now()
      const embedded = await startEmbedded({ dataDir, log: () => {} })
      times.push(performance.now() - at)
      await embedded.stop()
    }
  }
  const dataDir = join(folder, 'product')
  const first = await startProduct({ dataDir })
  await first.stop()
  const later: number[] = []
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    const product = await startProduct({ dataDir })
    later.push(product.startMs)
    await product.stop()
  }
  report([
    { what: 'embedded database from nothing', measured: seconds(median(fromNothing)), target: '', passed: null },
    { what: 'embedded database, second start', measured: seconds(median(again)), target: '', passed: null },
    { what: 'server with demo data, first start', measured: seconds(first.startMs), target: '', passed: null },
    {
      what: 'server, second start (slowest of 5)',
      measured: `${seconds(median(later))} (${seconds(Math.max(...later))})`,
      target: 'under 5 s',
      passed: Math.max(...later) < 5000,
    },
  ])
} finally {
  await rm(folder, { recursive: true, force: true })
}
