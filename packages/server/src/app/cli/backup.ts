import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { backUp } from '../../platform/backup.ts'
import { writeSealedBackup } from '../../platform/backup-file.ts'
import { createCrypto } from '../../platform/crypto.ts'
import { loadSecrets } from '../../platform/secrets.ts'
import { productVersion } from '../../platform/version.ts'
import { readConfig } from '../config.ts'
import { type Command, print, printJson, UsageError } from './command.ts'
import { configuredBucket, withStore } from './data.ts'

export const command: Command = {
  usage: `usage: changbai backup FILE [--sealed] [--json]

Writes everything the database holds at one instant, and the attachments of its bucket if there is one, into FILE, which must not exist yet. The server may go on working.
--sealed encrypts it with the keys of SECRET_FILE. It does not hold SECRET_FILE: keep that apart. Needs the database: DATABASE_URL, or the embedded one.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, sealed: { type: 'boolean', default: false } },
    })
    const [file, ...rest] = positionals
    if (file === undefined || rest.length > 0) throw new UsageError('backup needs one file')
    if (existsSync(file)) throw new UsageError(`${file} exists already; a backup never overwrites a file`)
    // under another name until it is whole: a file with the right name is a whole backup
    const part = `${file}.part`
    try {
      const bucket = await configuredBucket()
      const summary = await withStore(async (store) => {
        if (!values.sealed) return backUp(store.url, createWriteStream(part, { mode: 0o600 }), productVersion(), bucket)
        const { secretFile } = readConfig(process.env, { demo: false, tls: false })
        return writeSealedBackup(store.url, part, createCrypto(await loadSecrets(secretFile, false)), productVersion(), bucket)
      })
      await rename(part, file)
      if (values.json) printJson({ file, ...summary })
      else
        print(
          `${file}: ${summary.tables} tables, ${summary.rows} rows, ${summary.jobs} jobs, at ${summary.takenAt}, sha256 ${summary.sha256}`,
        )
      return 0
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
  },
}
