import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { bucketName, readBackupFile, readBucketBackup } from '../../platform/backup-file.ts'
import { openBucket } from '../../platform/bucket.ts'
import { createCrypto } from '../../platform/crypto.ts'
import { restore } from '../../platform/restore.ts'
import { loadSecrets } from '../../platform/secrets.ts'
import { readConfig } from '../config.ts'
import { type Command, print, printJson, UsageError } from './command.ts'
import { migrateStore, withStore } from './data.ts'

export const command: Command = {
  usage: `usage: changbai restore FILE|s3:NAME [--json]

Restores a backup into an empty database (DATABASE_URL, or the embedded one under an empty DATA_DIR) and brings it to this
program's level; s3:backups/… is one in the bucket of BACKUP_S3_URL; an encrypted one with SECRET_FILE. Nothing is kept when the file turns out to be damaged. Use the SECRET_FILE of the time of the backup.`,
  async run(args) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: 'boolean', default: false } } })
    const [file, ...rest] = positionals
    if (file === undefined || rest.length > 0) throw new UsageError('restore needs one file')
    const name = bucketName(file)
    if (name === null && !existsSync(file)) throw new UsageError(`${file}: there is no such file`)
    // an encrypted file opens with the keys it was written with; a plain one needs none
    const { secretFile, backupBucket } = readConfig(process.env, { demo: false, tls: false })
    const keys = existsSync(secretFile) ? createCrypto(await loadSecrets(secretFile, false)) : null
    if (name !== null && !backupBucket) throw new UsageError('BACKUP_S3_URL: required to read a backup from its bucket')
    const open = () => (name !== null && backupBucket ? readBucketBackup(openBucket(backupBucket), name, keys) : readBackupFile(file, keys))
    const summary = await withStore(async (store) => {
      const restored = await restore(store.url, open())
      await migrateStore(store)
      return restored
    })
    if (values.json) printJson({ file, ...summary })
    else print(`${file}: ${summary.tables} tables, ${summary.rows} rows, ${summary.jobs} jobs, taken at ${summary.takenAt}`)
    return 0
  },
}
