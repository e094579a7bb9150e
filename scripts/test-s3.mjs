// Attachments in a real bucket: npm run test:s3. The bucket must be there; nothing of others in it is touched. See docs/operations.md.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const missing = ['S3_URL', 'S3_ACCESS_KEY', 'S3_SECRET_KEY'].filter((name) => !process.env[name])
if (missing.length > 0) {
  console.error(`Set ${missing.join(', ')} for a bucket that may be written to, then: npm run test:s3`)
  process.exit(2)
}
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const config = join('packages', 'server', 's3', 'vitest.config.ts')
const vitest = join('node_modules', 'vitest', 'vitest.mjs')
const args = [vitest, 'run', '--config', config, '--reporter=verbose', ...process.argv.slice(2)]
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
process.exit(status ?? 1)
