import { liveConfig } from '../test/live-config.ts'

/** Runs real senders and a real engine. */
export default liveConfig('telemetry', 180_000)
