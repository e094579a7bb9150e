import { liveConfig } from '../test/live-config.ts'

/** Kills server processes for minutes. */
export default liveConfig('kills', 7_200_000)
