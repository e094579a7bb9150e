import { liveConfig } from '../test/live-config.ts'

/** Runs against a real OpenLDAP server. */
export default liveConfig('ldap', 60_000)
