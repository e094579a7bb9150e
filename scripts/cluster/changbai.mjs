import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answers, until } from './programs.mjs'

export const DEMO_PASSWORD = 'Tianchi-2026-snow'

/** One secret file for all processes, as docs/operations.md says. */
export function makeSecrets(folder) {
  const file = join(folder, 'secrets.json')
  const key = () => randomBytes(32).toString('base64')
  writeFileSync(file, JSON.stringify({ version: 1, encryption: key(), signing: key() }), { mode: 0o600 })
  return file
}

/** A server process as deploy/changbai@.service starts it. */
export function startServer(programs, root, { port, url, folder, secretFile, front }) {
  return programs.start(`server-${port}`, process.execPath, ['packages/server/src/app/main.ts'], {
    cwd: root,
    env: {
      PORT: String(port),
      DATABASE_URL: url,
      SECRET_FILE: secretFile,
      DATA_DIR: folder,
      PUBLIC_URL: `http://127.0.0.1:${front}`,
      TRUST_PROXY: 'false',
      LOG_LEVEL: 'warn',
    },
  })
}
export const isReady = (port) => answers(`http://127.0.0.1:${port}/readyz`)
export const untilReady = (program, port, seconds = 240) =>
  Promise.race([
    until(`server on ${port}`, seconds, () => isReady(port)),
    program.ended.then((code) => Promise.reject(new Error(`server on ${port} ended with ${code}; see its log`))),
  ])

/** A real command with a process behind it: a draft of an admission, by the project manager of a bureau. */
export function draftsOf(caller) {
  const tenantId = caller.session.body.grants.find((grant) => grant.tenantId)?.tenantId
  return {
    write: (who, label, key) => who.ask('POST', '/admissions', { tenantId, kind: 'NEW', appName: label }, key),
    read: (who) => who.ask('GET', '/frame'),
  }
}

/** Every acknowledged draft once, and none twice. */
export async function compareDrafts(client, acknowledged) {
  const { rows } = await client.query(`select id::text as id, app_name as label from admission where app_name like 'load %'`)
  const kept = new Set(rows.map(({ id }) => id))
  const labels = new Map()
  for (const { label } of rows) labels.set(label, (labels.get(label) ?? 0) + 1)
  return {
    lost: acknowledged.filter(({ id }) => !kept.has(id)).length,
    doubled: [...labels.values()].filter((n) => n > 1).length,
    kept: rows.length,
  }
}
