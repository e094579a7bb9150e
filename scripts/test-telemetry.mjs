// Real senders against a whole server: npm run test:telemetry. Needs prometheus, prometheus-node-exporter, victoria-metrics, rsyslogd and logger;
// on Debian: apt-get install prometheus prometheus-node-exporter victoria-metrics rsyslog bsdutils. See docs/model/telemetry.md.
import { spawnSync } from 'node:child_process'
import { requireAll, runLive } from './test/live.mjs'

const needed = ['prometheus', 'prometheus-node-exporter', 'victoria-metrics', 'rsyslogd', 'logger']
requireAll(
  needed.filter((program) => spawnSync('which', [program], { stdio: 'ignore' }).status !== 0),
  'These programs are not on the PATH',
)
// `-- hour`: exporters feed it for an hour under the wall display, and an application is killed again and again
const hour = process.argv.indexOf('hour')
if (hour > 0) process.argv.splice(hour, 1)
runLive('telemetry', hour > 0 ? { only: ['outage'], env: { LIVE_MINUTES: '60' } } : {})
