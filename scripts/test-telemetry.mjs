// Real senders against a whole server: npm run test:telemetry. Needs prometheus, prometheus-node-exporter, victoria-metrics, rsyslogd and logger;
// on Debian: apt-get install prometheus prometheus-node-exporter victoria-metrics rsyslog bsdutils. See docs/model/telemetry.md.
import { spawnSync } from 'node:child_process'
import { requireAll, runLive } from './test/live.mjs'

const needed = ['prometheus', 'prometheus-node-exporter', 'victoria-metrics', 'rsyslogd', 'logger']
requireAll(
  needed.filter((program) => spawnSync('which', [program], { stdio: 'ignore' }).status !== 0),
  'These programs are not on the PATH',
)
runLive('telemetry')
