import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'ldapts'
import { localCertificate } from '../src/platform/tls.ts'

export const BASE = 'dc=example,dc=cn'
export const READER = `cn=reader,${BASE}`
export const READER_SECRET = 'Reader-2026-secret'
const MANAGER = `cn=manager,${BASE}`
const MANAGER_SECRET = 'Manager-2026-secret'

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('close', () => socket.destroy())
  })

export interface PersonThere {
  uid: string
  cn: string
  password: string
  ou?: string
  mail?: string
  mobile?: string
}

/** OpenLDAP with people under one base, over plain LDAP, StartTLS and ldaps, in a folder of its own. */
export async function startSlapd(people: readonly PersonThere[]) {
  const folder = mkdtempSync(join(tmpdir(), 'changbai-slapd-'))
  const data = join(folder, 'data')
  mkdirSync(data)
  const { key, cert, authorityFile } = await localCertificate({ dataDir: folder, publicUrl: 'https://localhost' })
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 })
  writeFileSync(join(folder, 'cert.pem'), cert)
  const secretFile = join(folder, 'reader.secret')
  writeFileSync(secretFile, `${READER_SECRET}\n`, { mode: 0o600 })
  const conf = join(folder, 'slapd.conf')
  writeFileSync(
    conf,
    `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile ${folder}/pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile ${folder}/cert.pem
TLSCertificateKeyFile ${folder}/key.pem
TLSCACertificateFile ${authorityFile}
sizelimit 100
database mdb
suffix "${BASE}"
rootdn "${MANAGER}"
rootpw ${MANAGER_SECRET}
directory ${data}
maxsize 67108864
index objectClass,uid eq
limits dn.exact="${READER}" size.prtotal=unlimited
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${READER}" read by * none
`,
  )
  const entry = ({ uid, cn, password, ou, mail, mobile }: PersonThere): string =>
    [
      `dn: uid=${uid},${BASE}`,
      'objectClass: inetOrgPerson',
      `uid: ${uid}`,
      `cn:: ${Buffer.from(cn).toString('base64')}`,
      `sn:: ${Buffer.from(cn).toString('base64')}`,
      `userPassword: ${password}`,
      ...(ou ? [`ou:: ${Buffer.from(ou).toString('base64')}`] : []),
      ...(mail ? [`mail: ${mail}`] : []),
      ...(mobile ? [`mobile: ${mobile}`] : []),
    ].join('\n')
  const ldif = [
    `dn: ${BASE}\nobjectClass: dcObject\nobjectClass: organization\no: example\ndc: example`,
    `dn: ${READER}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: reader\nuserPassword: ${READER_SECRET}`,
    ...people.map(entry),
  ].join('\n\n')
  execFileSync('/usr/sbin/slapadd', ['-f', conf], { input: `${ldif}\n`, stdio: ['pipe', 'ignore', 'pipe'] })

  const [plain, secure] = [await freePort(), await freePort()]
  let process: ChildProcess | undefined
  const start = async (): Promise<void> => {
    process = spawn('/usr/sbin/slapd', ['-f', conf, '-h', `ldap://127.0.0.1:${plain} ldaps://127.0.0.1:${secure}`, '-d', '0'], {
      stdio: 'ignore',
    })
    for (let n = 0; n < 100; n++) {
      if (await isOpen(plain)) return
      await pause(100)
    }
    throw new Error('slapd does not listen')
  }
  const end = async (): Promise<void> => {
    const ended = process && process.exitCode === null ? new Promise((resolve) => process?.once('exit', resolve)) : null
    process?.kill('SIGTERM')
    await ended
  }
  await start()
  return {
    plain: `ldap://localhost:${plain}`,
    secure: `ldaps://localhost:${secure}`,
    authorityFile,
    secretFile,
    folder,
    /** Stops answering without closing what is open, as a machine that hangs. */
    freeze: () => process?.kill('SIGSTOP'),
    thaw: () => process?.kill('SIGCONT'),
    start,
    end,
    async asManager(run: (client: Client) => Promise<void>): Promise<void> {
      const client = new Client({ url: `ldap://127.0.0.1:${plain}` })
      await client.bind(MANAGER, MANAGER_SECRET)
      await run(client).finally(() => client.unbind())
    },
    async stop() {
      process?.kill('SIGCONT')
      await end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type Slapd = Awaited<ReturnType<typeof startSlapd>>
