import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import type { Drift } from '@changbai/contract/inventory.drift.ts'
import { readCloud, requireConnection } from '../../modules/cloud/index.ts'
import { openDrifts, readingEnd } from '../../modules/inventory/index.ts'
import { systemActor } from '../../platform/actor.ts'
import { ProblemError } from '../../platform/fail.ts'
import { problemBody } from '../../platform/problem.ts'
import { type Command, LANGUAGES, languageOf, print, printJson, UsageError } from './command.ts'
import { withServer } from './data.ts'

const usage = `usage: changbai inventory drift [--last] [--lang zh|en] [--json]

Where the cloud in force and the records differ. The cloud is read first; --last prints what the last reading found.
  UNRECORDED  there, not here
  MISSING     here, not there
  DIFFERS     both, but not alike: field record -> cloud
A cloud that could be read in part only is said on standard error; what was not read is never said to be missing.
Exit code 1: there are differences; 3: the cloud could not be read. Needs the database: DATABASE_URL, or the embedded one.`

/** More are counted by the page of the product; a terminal reads no further. */
const LIMIT = 10_000
const READ_MILLISECONDS = 600_000
const WORDS = {
  UNRECORDED: ['云有台账无', 'UNRECORDED'],
  MISSING: ['台账有云无', 'MISSING'],
  DIFFERS: ['不一致', 'DIFFERS'],
} as const

const line = ({ verdict, kind, name, externalId, differences, status }: Drift, word: 0 | 1): string =>
  [
    WORDS[verdict][word],
    kind,
    name,
    externalId,
    ...differences.map(({ field, here, there }) => `${field} ${here ?? '—'} -> ${there ?? '—'}`),
    ...(status === 'REPORTED' ? [status] : []),
  ].join('  ')

export const command: Command = {
  usage,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        last: { type: 'boolean', default: false },
        lang: { type: 'string', default: 'zh' },
        json: { type: 'boolean', default: false },
      },
    })
    const [verb, ...rest] = positionals
    if (verb !== 'drift' || rest.length > 0) throw new UsageError('inventory knows one thing: drift')
    const language = languageOf(values.lang)
    const actor = systemActor(`command line (${userInfo().username})`)
    return withServer(async ({ runtime }) => {
      try {
        const connection = await runtime.door.enter({ actor, readOnly: true }, (ctx) => requireConnection(ctx))
        const isRead = !values.last && connection.driver !== 'manual'
        const readingId = isRead
          ? await readCloud(runtime, { cause: 'DEMAND', connectionId: connection.id }, AbortSignal.timeout(READ_MILLISECONDS))
          : null
        const reading = readingId ? await runtime.door.enter({ actor, readOnly: true }, (ctx) => readingEnd(ctx, readingId)) : null
        if (reading?.status === 'FAILED') {
          const why = `${connection.name} could not be read: ${reading.error}`
          if (values.json) printJson({ error: why })
          process.stderr.write(`${why}\n`)
          return 3
        }
        if (reading?.error) process.stderr.write(`${connection.name} was read in part only: ${reading.error}\n`)
        if (isRead && readingId === null) process.stderr.write('another reading is under way; this is what the last one found\n')
        const drifts = await runtime.door.enter({ actor, readOnly: true }, (ctx) => openDrifts(ctx, connection.id, LIMIT))
        if (values.json) printJson({ cloud: connection.name, reading: reading?.status ?? null, drifts })
        else for (const drift of drifts) print(line(drift, language === 'zh' ? 0 : 1))
        return drifts.length > 0 ? 1 : 0
      } catch (error) {
        if (error instanceof ProblemError) throw new Error(problemBody(error.kind, LANGUAGES[language], error.params, error.errors).title)
        throw error
      }
    })
  },
}
