// A real IMAP server and a real mail transfer agent against a whole server: npm run test:mail. As root, with dovecot and exim4;
// on Debian: apt-get install dovecot-imapd exim4-daemon-light. See docs/model/desk.md.
import { existsSync } from 'node:fs'
import { requireAll, runLive } from './test/live.mjs'

requireAll(
  ['/usr/sbin/dovecot', '/usr/sbin/exim4'].filter((program) => !existsSync(program)),
  'These programs are not here',
)
requireAll(process.getuid?.() === 0 ? [] : ['root'], 'Both servers change their user; run it as')
runLive('mail')
