import { createReadStream, existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { restore } from '../../platform/restore.ts'
import { type Command, print, printJson, UsageError } from './command.ts'
import { migrateStore, withStore } from './data.ts'

export const command: Command = {
  usage: `usage: changbai restore FILE [--json]

Restores a backup into an empty database (DATABASE_URL, or the embedded one under an empty DATA_DIR) and brings it to this
program's level. Nothing is kept when the file turns out to be damaged. Use the SECRET_FILE of the time of the backup.`,
  async run(args) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: 'boolean', default: false } } })
    const [file, ...rest] = positionals
    if (file === undefined || rest.length > 0) throw new UsageError('restore needs one file')
    if (!existsSync(file)) throw new UsageError(`${file}: there is no such file`)
    const summary = await withStore(async (store) => {
      const restored = await restore(store.url, createReadStream(file))
      await migrateStore(store)
      return restored
    })
    if (values.json) printJson({ file, ...summary })
    else print(`${file}: ${summary.tables} tables, ${summary.rows} rows, ${summary.jobs} jobs, taken at ${summary.takenAt}`)
    return 0
  },
}
