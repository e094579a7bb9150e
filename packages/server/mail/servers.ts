import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** The user both servers work as; Debian's exim4 makes it. */
export interface MailUser {
  uid: number
  gid: number
  name: string
}
export interface MailServers {
  smtp: number
  imap: number
  folder: string
  startImap(): Promise<void>
  stopImap(): Promise<void>
  /** Every process of the IMAP server stands still, as on a machine that swaps; or goes on. */
  pauseImap(still: boolean): void
  stop(): Promise<void>
}

export const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => done(port))
    })
  })
const answers = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('data', () => {
      socket.destroy()
      done(true)
    })
    socket.once('error', () => done(false))
  })
async function untilAnswers(port: number, what: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await answers(port)) return
    await pause(200)
  }
  throw new Error(`${what} does not answer`)
}
const gone = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((done) => child.once('exit', () => done()))

/** Dovecot and Exim as Debian ships them, with settings and mail below a folder. Two people have a box: desk@desk.example and yang@lcj.example. */
export async function startMailServers(folder: string, user: MailUser): Promise<MailServers> {
  const [smtp, imap] = [await freePort(), await freePort()]
  for (const name of ['mail', 'spool', 'log', 'run']) {
    mkdirSync(join(folder, name), { recursive: true })
    if (name !== 'run') chownSync(join(folder, name), user.uid, user.gid)
  }
  const dovecotConf = join(folder, 'dovecot.conf')
  writeFileSync(
    dovecotConf,
    `protocols = imap
base_dir = ${join(folder, 'run')}
state_dir = ${join(folder, 'run')}
log_path = ${join(folder, 'dovecot.log')}
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:${join(folder, 'mail')}/%n
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=${user.uid} gid=${user.gid} home=${join(folder, 'mail')}/%n
}
service imap-login {
  inet_listener imap {
    port = ${imap}
  }
  inet_listener imaps {
    port = 0
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
`,
  )
  const eximConf = join(folder, 'exim.conf')
  writeFileSync(
    eximConf,
    `primary_hostname = desk.example
spool_directory = ${join(folder, 'spool')}
log_file_path = ${join(folder, 'log')}/%slog
pid_file_path = ${join(folder, 'log')}/pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${smtp}
domainlist local_domains = desk.example : lcj.example
acl_smtp_rcpt = acl_all
acl_smtp_data = acl_all
message_size_limit = 200M
keep_environment =
never_users =
deliver_drop_privilege = true
bounce_return_size_limit = 10K
check_spool_space = 0
check_log_space = 0
begin acl
acl_all:
  accept
begin routers
known:
  driver = accept
  domains = +local_domains
  local_parts = desk : yang
  transport = box
begin transports
box:
  driver = appendfile
  directory = ${join(folder, 'mail')}/$local_part_data
  maildir_format
  create_directory
  delivery_date_add
  envelope_to_add
begin retry
* * F,1m,5s
`,
  )
  let dovecot: ChildProcess | undefined
  const startImap = async () => {
    dovecot = spawn('/usr/sbin/dovecot', ['-F', '-c', dovecotConf], { stdio: 'ignore', detached: true })
    await untilAnswers(imap, 'dovecot')
  }
  const stopImap = async () => {
    if (!dovecot?.pid) return
    dovecot.kill('SIGTERM')
    await gone(dovecot)
  }
  await startImap()
  const exim = spawn('/usr/sbin/exim4', ['-C', eximConf, '-bdf', '-q1m'], { stdio: 'ignore' })
  await untilAnswers(smtp, 'exim')
  return {
    smtp,
    imap,
    folder,
    startImap,
    stopImap,
    // detached: it leads a group of its own
    pauseImap: (still) => void (dovecot?.pid && process.kill(-dovecot.pid, still ? 'SIGSTOP' : 'SIGCONT')),
    async stop() {
      await stopImap()
      exim.kill('SIGTERM')
      await gone(exim)
    },
  }
}
