// Kills whole server processes at random moments of provisioning: KILLS=200 SEED=7 npm run test:kills. See docs/model/provisioning.md.
import { runLive } from './test/live.mjs'

runLive('kills')
