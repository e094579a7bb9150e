// A real IMAP server and a real mail transfer agent against a whole server: npm run test:mail. As root, with dovecot and exim4;
// on Debian: apt-get install dovecot-imapd exim4-daemon-light. See docs/model/desk.md.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const missing = ['/usr/sbin/dovecot', '/usr/sbin/exim4'].filter((program) => !existsSync(program))
if (missing.length > 0 || process.getuid?.() !== 0) {
  console.error(
    missing.length > 0 ? `These programs are not here: ${missing.join(', ')}` : 'Both servers change their user: run it as root',
  )
  process.exit(2)
}
const config = 'packages/server/mail/vitest.config.ts'
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', config, '--reporter=verbose', ...process.argv.slice(2)],
  {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
  },
)
process.exit(status ?? 1)
