/** What 20,000 open instances cost while nothing happens: processor time of the server and of the database, and disk. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeWaitingInstances } from './support/copies.ts'
import { report, round } from './support/report.ts'
import { startStage } from './support/stage.ts'

const INSTANCES = 20_000
const WATCH_SECONDS = 30
/** The kernel counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100

/** Processor seconds of the database server's processes; those of a process that has ended stand with its parent. */
function databaseSeconds(dataDirectory: string): number {
  const postmaster = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0]
  let ticks = 0
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (pid === postmaster || fields[1] === postmaster)
        ticks += Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14])
    } catch {
      // it ended while we looked
    }
  }
  return ticks / TICKS_PER_SECOND
}

const stage = await startStage({ background: true })
try {
  const sizeOf = async () => Number((await stage.sql<{ n: string }>(`select pg_database_size(current_database())::text as n`))[0]?.n)
  const watch = async () => {
    const cpu = process.cpuUsage()
    const database = databaseSeconds(stage.embedded.dataDirectory)
    await new Promise((resolve) => setTimeout(resolve, WATCH_SECONDS * 1000))
    const { user, system } = process.cpuUsage(cpu)
    return {
      server: (user + system) / 1e6 / WATCH_SECONDS,
      database: (databaseSeconds(stage.embedded.dataDirectory) - database) / WATCH_SECONDS,
    }
  }
  const emptySize = await sizeOf()
  await stage.sql('checkpoint')
  const empty = await watch()
  await makeWaitingInstances(stage, INSTANCES)
  // what comes of filling, not of waiting: autovacuum would do it in the middle of the watch
  await stage.sql('vacuum analyze')
  await stage.sql('checkpoint')
  const fullSize = await sizeOf()
  const full = await watch()
  const share = (value: number) => `${round(value * 100, 2)} %`
  const megabytes = (fullSize - emptySize) / 1e6
  const extra = full.server + full.database - empty.server - empty.database
  report([
    {
      what: 'processor without any instance (server, database)',
      measured: `${share(empty.server)}, ${share(empty.database)} of a core`,
      target: '',
      passed: null,
    },
    {
      what: 'processor with 20,000 open instances',
      measured: `${share(full.server)}, ${share(full.database)} of a core`,
      target: '',
      passed: null,
    },
    { what: 'added by the instances', measured: `${share(extra)} of a core`, target: 'under 1 %', passed: extra < 0.01 },
    { what: 'added to the database', measured: `${round(megabytes)} MB`, target: 'under 100 MB', passed: megabytes < 100 },
  ])
} finally {
  await stage.stop()
}
