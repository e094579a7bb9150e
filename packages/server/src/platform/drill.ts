import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { verifyExport } from '@changbai/verify/verify-export.ts'
import pg from 'pg'
import type { Crypto } from './crypto.ts'
import { openDatabase } from './db.ts'
import { exportLines, planExport } from './ledger/export.ts'
import { migrate } from './migrate.ts'
import { restore } from './restore.ts'

export interface DrillResult {
  tables: number
  rows: number
  facts: number
  batches: number
  takenAt: string
  /** What is wrong, `中文|English`; none means that the backup can be gone back to. */
  findings: string[]
}

async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'changbai-drill' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Chain, signatures and digests of the restored ledger, recomputed by the independent verifier. */
async function checkLedger(
  url: string,
  crypto: Crypto,
  now: Temporal.Instant,
): Promise<Pick<DrillResult, 'facts' | 'batches' | 'findings'>> {
  const { db, close } = openDatabase(url, { poolSize: 2, applicationName: 'changbai-drill' })
  try {
    await migrate(db)
    const plan = await db.transaction().execute((tx) => planExport(tx, now, crypto, {}))
    if (!plan) return { facts: 0, batches: 0, findings: [] }
    const { ok, facts, batches, findings } = await verifyExport(exportLines(db, plan))
    return {
      facts,
      batches,
      findings: ok
        ? []
        : [
            `台账核验未通过：${findings.length} 处|The ledger does not verify: ${findings.length} findings`,
            ...findings.slice(0, 20).map((one) => JSON.stringify(one)),
          ],
    }
  } finally {
    await close()
  }
}

/**
 * Restores a backup into a scratch database, brings it to this program's level, checks every table's count (the restore does) and the
 * ledger's chain, and drops the scratch database again.
 * @param url a server on which a database may be made
 * @throws what the restore throws; the scratch database is gone then, too
 */
export async function rehearseRestore(url: string, input: Readable, crypto: Crypto, now: Temporal.Instant): Promise<DrillResult> {
  const name = `changbai_drill_${randomBytes(5).toString('hex')}`
  await asOwner(url, (client) => client.query(`create database ${name} template template0`))
  const scratch = new URL(url)
  scratch.pathname = `/${name}`
  try {
    const { tables, rows, takenAt } = await restore(scratch.href, input)
    return { tables, rows, takenAt, ...(await checkLedger(scratch.href, crypto, now)) }
  } finally {
    await asOwner(url, (client) => client.query(`drop database if exists ${name} with (force)`))
  }
}
