import { liveConfig } from '../test/live-config.ts'

/** Runs against a real store of objects. */
export default liveConfig('s3', 180_000)
