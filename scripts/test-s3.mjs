// Attachments in a real bucket: npm run test:s3. The bucket must be there; nothing of others in it is touched. See docs/operations.md.
import { requireAll, runLive } from './test/live.mjs'

const needed = ['S3_URL', 'S3_ACCESS_KEY', 'S3_SECRET_KEY']
requireAll(
  needed.filter((name) => !process.env[name]),
  'Set these for a bucket that may be written to',
)
runLive('s3')
