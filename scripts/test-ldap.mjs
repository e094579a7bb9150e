// The directory of the house on a real OpenLDAP server, which is started for it: npm run test:ldap. On Debian: apt-get install slapd.
import { existsSync } from 'node:fs'
import { requireAll, runLive } from './test/live.mjs'

requireAll(
  ['/usr/sbin/slapd', '/usr/sbin/slapadd', '/etc/ldap/schema/inetorgperson.schema'].filter((path) => !existsSync(path)),
  'These are not here',
)
runLive('ldap')
