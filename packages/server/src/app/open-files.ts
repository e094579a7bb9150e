import { type Bucket, BucketError, openBucket } from '../platform/bucket.ts'
import { openDatabase } from '../platform/db.ts'
import { filesInBucket } from '../platform/file-store.ts'
import type { Log } from '../platform/log.ts'
import { type Config, ConfigError } from './config.ts'

/**
 * The bucket of the installation, tried out; null where attachments stay in the database. One that does not answer is no reason not to start:
 * what is uploaded waits in the database until it does.
 * @param url of the migrated database
 * @throws ConfigError when it refuses us, is not there, or is needed and not configured
 */
export async function openFiles({ bucket: config }: Pick<Config, 'bucket'>, url: string, log: Log): Promise<Bucket | null> {
  if (!config) {
    const { db, close } = openDatabase(url, { poolSize: 1 })
    const kept = await filesInBucket(db).finally(close)
    if (kept > 0) throw new ConfigError(`S3_URL: ${kept} attachments are in a bucket; give its S3_URL, S3_ACCESS_KEY and S3_SECRET_KEY`)
    return null
  }
  const bucket = openBucket(config)
  try {
    await bucket.tryOut()
  } catch (error) {
    if (!(error instanceof BucketError)) throw error
    if (error.trouble === 'missing') throw new ConfigError(`S3_URL: there is no such bucket (${error.message})`)
    if (error.trouble === 'refused')
      throw new ConfigError(
        `S3_ACCESS_KEY, S3_SECRET_KEY, S3_REGION: the bucket does not let us write, read and remove objects (${error.message})`,
      )
    log.warn({ err: error }, 'the bucket for attachments does not answer; uploads wait in the database until it does')
  }
  return bucket
}
