import { parseArgs } from 'node:util'
import { createLog } from '../../platform/log.ts'
import { loadSecrets } from '../../platform/secrets.ts'
import { shanghaiDay, systemClock } from '../../platform/time.ts'
import { readConfig } from '../config.ts'
import { buildWorld, InhabitedError } from '../demo/world/build.ts'
import { type Command, print, printJson, UsageError } from './command.ts'
import { migrateStore, withStore } from './data.ts'

const MOST_MONTHS = 12

function wholeNumber(name: string, text: string, from: number, to: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < from || value > to) throw new UsageError(`--${name} is a whole number from ${from} to ${to}`)
  return value
}

function dayOf(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text)
  } catch {
    throw new UsageError(`--until is a day such as 2026-11-01, not ${JSON.stringify(text)}`)
  }
}

export const command: Command = {
  usage: `usage: changbai demo build [--months 3] [--seed 7] [--until DAY] [--json]

Fills an empty installation with a living cloud: 40 bureaus, 120 applications, 600 servers, and so many months of rounds, calls and incidents up to
DAY (default: today), made by the product's own services under a simulated clock. The same seed gives the same world. Needs the database.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        months: { type: 'string', default: '3' },
        seed: { type: 'string', default: '7' },
        until: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    if (positionals[0] !== 'build' || positionals.length !== 1) throw new UsageError('demo knows one act: build')
    const months = wholeNumber('months', values.months, 1, MOST_MONTHS)
    const seed = wholeNumber('seed', values.seed, 0, 2 ** 32 - 1)
    const until = values.until ? dayOf(values.until) : shanghaiDay(systemClock())
    const from = until.subtract({ months }).with({ day: 1 })
    const config = readConfig(process.env, { demo: false, tls: false })
    const log = createLog('silent')
    const startedAt = performance.now()
    try {
      const report = await withStore(async (store) => {
        await migrateStore(store)
        const secrets = await loadSecrets(config.secretFile, !config.databaseUrl)
        const onProgress = (share: number, on: Temporal.PlainDate) => {
          if (process.stderr.isTTY) process.stderr.write(`\r${on}  ${Math.round(share * 100)} %`)
        }
        return buildWorld({ databaseUrl: store.url, secrets, log }, { from, seed, until, planDir: config.planDir, onProgress })
      })
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10
      if (values.json) printJson({ ...report, seconds })
      else
        print(
          `${report.from} – ${report.until}: ${report.bureaus} bureaus, ${report.applications} applications, ${report.servers} servers, ${report.incidents} incidents, ${report.rounds} rounds, ${report.calls} calls; missed on purpose: ${report.missed.join(', ')}; ${seconds} s; sha256 ${report.digest}`,
        )
      return 0
    } catch (error) {
      if (!(error instanceof InhabitedError)) throw error
      throw new UsageError(error.message)
    }
  },
}
