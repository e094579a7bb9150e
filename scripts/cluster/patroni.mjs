import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answers, until } from './programs.mjs'

/** PostgreSQL refuses root: the cluster then runs as Debian's postgres. */
function owner() {
  if (process.getuid?.() !== 0) return {}
  const id = (flag) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: id('-u'), gid: id('-g') }
}

const settings = ({ name, port, rest, etcd, data, bin, password }) => `scope: changbai
name: ${name}
restapi:
  listen: 127.0.0.1:${rest}
  connect_address: 127.0.0.1:${rest}
etcd3:
  host: 127.0.0.1:${etcd}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 2
    retry_timeout: 3
    maximum_lag_on_failover: 0
    # a database that died is not waited for, the other one takes over
    primary_start_timeout: 0
    # nothing is acknowledged before a second machine has it
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      parameters:
        max_connections: 120
        shared_buffers: 128MB
  initdb:
    - encoding: UTF8
    - locale: C.UTF-8
    - data-checksums
  pg_hba:
    - host replication replicator 127.0.0.1/32 scram-sha-256
    - host all all 127.0.0.1/32 scram-sha-256
postgresql:
  listen: 127.0.0.1:${port}
  connect_address: 127.0.0.1:${port}
  data_dir: ${data}
  bin_dir: ${bin}
  pgpass: ${data}.pgpass
  authentication:
    superuser: { username: postgres, password: ${password} }
    replication: { username: replicator, password: ${password} }
    rewind: { username: rewinder, password: ${password} }
  parameters:
    unix_socket_directories: ${data}.socket
    password_encryption: scram-sha-256
`

/** Two databases under Patroni with etcd, as Debian packages them, on loopback. @returns the members and who is primary */
export async function startPatroni(programs, folder, { bin, base, password }) {
  const as = owner()
  const own = (path) => {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    if (as.uid !== undefined) chownSync(path, as.uid, as.gid)
    return path
  }
  const home = own(join(folder, 'cluster'))
  const etcd = base
  programs.start('etcd', 'etcd', [
    '--name=one',
    `--data-dir=${own(join(home, 'etcd'))}`,
    `--listen-client-urls=http://127.0.0.1:${etcd}`,
    `--advertise-client-urls=http://127.0.0.1:${etcd}`,
    `--listen-peer-urls=http://127.0.0.1:${etcd + 1}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${etcd + 1}`,
    `--initial-cluster=one=http://127.0.0.1:${etcd + 1}`,
    // loopback on a busy machine: a late fsync is no lost leader
    '--heartbeat-interval=300',
    '--election-timeout=3000',
  ])
  await until('etcd', 30, () => answers(`http://127.0.0.1:${etcd}/health`))
  const members = []
  for (const [n, name] of ['one', 'two'].entries()) {
    const member = { name, port: base + 2 + n, rest: base + 4 + n }
    const data = join(home, name)
    own(`${data}.socket`)
    const file = join(home, `${name}.yml`)
    writeFileSync(file, settings({ ...member, etcd, data, bin, password }))
    if (as.uid !== undefined) chownSync(file, as.uid, as.gid)
    member.start = () => programs.start(`patroni-${name}`, 'patroni', [file], { ...as, cwd: home })
    member.program = member.start()
    member.data = data
    await until(`PostgreSQL ${name}`, 90, () => answers(`http://127.0.0.1:${member.rest}/${n === 0 ? 'primary' : 'replica'}`))
    members.push(member)
  }
  const find = async (kind) => {
    for (const member of members) if (await answers(`http://127.0.0.1:${member.rest}/${kind}`)) return member
    return null
  }
  // from here on the primary waits for the other one with every commit
  await until('synchronous replication', 60, () => find('synchronous'))
  return { members, find }
}
