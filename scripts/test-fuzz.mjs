// 1 GB of malformed snappy, protobuf, OTLP and syslog through the doors of a server: npm run test:fuzz. FUZZ_MB=64 sends less.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const config = join('packages', 'server', 'telemetry', 'vitest.config.ts')
const vitest = join('node_modules', 'vitest', 'vitest.mjs')
const env = { FUZZ_MB: '1024', ...process.env }
const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', config, 'fuzz'], { cwd: root, stdio: 'inherit', env })
process.exit(status ?? 1)
