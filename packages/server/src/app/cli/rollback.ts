import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inspectBackup, readBackupFile, writeSealedBackup } from '../../platform/backup-file.ts'
import { createCrypto } from '../../platform/crypto.ts'
import { emptyDatabase, othersAtWork } from '../../platform/empty-database.ts'
import { knownMigrations } from '../../platform/migrate.ts'
import { restore } from '../../platform/restore.ts'
import { loadSecrets } from '../../platform/secrets.ts'
import { productVersion } from '../../platform/version.ts'
import { readConfig } from '../config.ts'
import { type Command, print, printJson, UsageError } from './command.ts'
import { configuredBucket, withStore } from './data.ts'

/** The newest backup that an upgrade took, by its name. */
async function lastUpgrade(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => [])
  const newest = names
    .filter((name) => /^upgrade-\d{8}-\d{6}\.cbk$/.test(name))
    .sort()
    .at(-1)
  if (newest === undefined) throw new UsageError(`${folder} holds no backup of an upgrade; name the file`)
  return join(folder, newest)
}

export const command: Command = {
  usage: `usage: changbai rollback [FILE] --yes [--json]

Goes back to the database as it was before an upgrade: keeps a backup of what is there now, empties the database and restores FILE, by
default the newest upgrade-*.cbk of BACKUP_DIR. What was done since FILE was taken is gone from the database and only in the kept backup.
Run it with the OLDER program, which the restored data belongs to; all server processes must be stopped.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { yes: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
    })
    const config = readConfig(process.env, { demo: false, tls: false })
    if (positionals.length > 1) throw new UsageError('rollback takes one file at most')
    const file = positionals[0] ?? (await lastUpgrade(config.backups.folder))
    if (!existsSync(file)) throw new UsageError(`${file}: there is no such file`)
    if (!values.yes) throw new UsageError(`this replaces everything in the database by ${file}; say --yes`)
    const crypto = createCrypto(await loadSecrets(config.secretFile, false))
    // read to its end before anything is touched: what was damaged or is newer must not cost what is there
    const level = (await inspectBackup(file, crypto)).at(-1) ?? ''
    if (!(await knownMigrations()).includes(level)) throw new UsageError(`${file} is newer than this program: it holds ${level}`)
    const bucket = await configuredBucket()
    const { summary, kept } = await withStore(async (store) => {
      const others = await othersAtWork(store.url)
      if (others.length > 0) throw new UsageError(`still at work on the database: ${others.join(', ')}; stop all server processes first`)
      const kept = join(config.backups.folder, `before-rollback-${Date.now()}.cbk`)
      await writeSealedBackup(store.url, kept, crypto, productVersion(), bucket)
      await emptyDatabase(store.url)
      return {
        kept,
        summary: await restore(store.url, readBackupFile(file, crypto)).catch((error: Error) => {
          throw new Error(`${error.message}; what was there is in ${kept}`)
        }),
      }
    })
    if (values.json) printJson({ file, kept, ...summary })
    else print(`${file}: ${summary.tables} tables, ${summary.rows} rows, taken at ${summary.takenAt}; what was there is kept in ${kept}`)
    return 0
  },
}
