// 1 GB of malformed snappy, protobuf, OTLP and syslog through the doors of a server: npm run test:fuzz. FUZZ_MB=64 sends less.
import { runLive } from './test/live.mjs'

runLive('telemetry', { only: ['fuzz'], env: { FUZZ_MB: '1024' } })
