import { liveConfig } from '../test/live-config.ts'

/** Runs against a real cloud. */
export default liveConfig('openstack', 600_000)
