/**
 * A month's report of a full house: 10,000 servers and twelve months of incidents, rounds, calls and deliveries. From recorded facts to the Word
 * document in under 20 s, the process never above 512 MB.
 */
import { resolve } from 'node:path'
import { loadPromises } from '../packages/server/src/app/prepare.ts'
import { printMonth } from '../packages/server/src/modules/report/index.ts'
import { systemActor } from '../packages/server/src/platform/actor.ts'
import { fillHouse } from './support/house.ts'
import { report, round } from './support/report.ts'
import { startStage } from './support/stage.ts'

const SERVERS = 10_000
const MONTH = '2026-05'
const SECONDS_MAX = 20
const MEGABYTES_MAX = 512

const stage = await startStage({ poolSize: 4 })
const { door } = stage.server.runtime
await loadPromises(door, resolve(import.meta.dirname, '../plan/jilin'))

await fillHouse(stage, SERVERS)

let peak = 0
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss())
}, 50)
const began = performance.now()
const { bytes } = await door.enter({ actor: systemActor('bench') }, (ctx) => printMonth(ctx, MONTH))
const seconds = (performance.now() - began) / 1000
const again = performance.now()
await door.enter({ actor: systemActor('bench') }, (ctx) => printMonth(ctx, MONTH))
const secondSeconds = (performance.now() - again) / 1000
clearInterval(watch)
peak = Math.max(peak, process.memoryUsage.rss())
const megabytes = peak / 1024 / 1024
report([
  {
    what: `report of a month with ${SERVERS} servers, 12 months, to Word`,
    measured: `${round(seconds)} s`,
    target: `< ${SECONDS_MAX} s`,
    passed: seconds < SECONDS_MAX,
  },
  { what: 'the same again', measured: `${round(secondSeconds)} s`, target: '', passed: null },
  {
    what: 'largest resident memory of the process',
    measured: `${round(megabytes, 0)} MB`,
    target: `< ${MEGABYTES_MAX} MB`,
    passed: megabytes < MEGABYTES_MAX,
  },
  { what: 'size of the document', measured: `${round(bytes.length / 1024, 0)} KB`, target: '', passed: null },
])
await stage.stop()
