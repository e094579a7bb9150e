// Real senders against a whole server: npm run test:telemetry. Needs prometheus, prometheus-node-exporter, victoria-metrics, rsyslogd and logger;
// on Debian: apt-get install prometheus prometheus-node-exporter victoria-metrics rsyslog bsdutils. See docs/model/telemetry.md.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const needed = ['prometheus', 'prometheus-node-exporter', 'victoria-metrics', 'rsyslogd', 'logger']
const missing = needed.filter((program) => spawnSync('which', [program], { stdio: 'ignore' }).status !== 0)
if (missing.length > 0) {
  console.error(`These programs are not on the PATH: ${missing.join(', ')}`)
  process.exit(2)
}
const config = join('packages', 'server', 'telemetry', 'vitest.config.ts')
const vitest = join('node_modules', 'vitest', 'vitest.mjs')
const args = [vitest, 'run', '--config', config, '--reporter=verbose', ...process.argv.slice(2)]
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
process.exit(status ?? 1)
