import { liveConfig } from '../test/live-config.ts'

/** Runs a real IMAP server and a real mail transfer agent. */
export default liveConfig('mail', 180_000)
