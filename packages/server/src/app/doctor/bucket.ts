import { type BucketConfig, BucketError, type BucketTrouble, openBucket } from '../../platform/bucket.ts'
import { type Finding, ok, trouble } from './finding.ts'

const todo: Readonly<Record<BucketTrouble, readonly [string, string]>> = {
  unreachable: ['核对地址与防火墙；其间上传的文件先存数据库', 'check address and firewall; meanwhile uploads wait in the database'],
  refused: [
    '核对 S3_ACCESS_KEY、S3_SECRET_KEY、S3_REGION 与读写删权限',
    'check S3_ACCESS_KEY, S3_SECRET_KEY, S3_REGION and the right to write, read and remove',
  ],
  missing: ['先建好 S3_URL 所指的桶', 'make the bucket that S3_URL names'],
  damaged: ['读回的内容与写入的不同：检查存储本身', 'what is read back is not what was written: look at the store itself'],
}

/** Writes, reads and removes a small object, as the server does when it starts. */
export async function checkBucket(config: BucketConfig): Promise<Finding> {
  try {
    await openBucket(config).tryOut()
    return ok('bucket', `${config.url}：可写、可读、可删`, `${config.url}: writes, reads and removes`)
  } catch (error) {
    if (!(error instanceof BucketError)) throw error
    return trouble('failed', 'bucket', [error.message, error.message], todo[error.trouble])
  }
}
