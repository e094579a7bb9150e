import { fileProblems } from '@changbai/contract/file.ts'
import { sql } from 'kysely'
import { type Bucket, BucketError, sha256Of } from './bucket.ts'
import type { Database, Db } from './db.ts'
import { fail } from './fail.ts'
import type { Log } from './log.ts'

/** Gives the bytes of files, wherever they are kept. Called after the transaction that decided who may have them. */
export interface FileReader {
  /** The bytes of a file, whole: at most 50 MB. @throws fileProblems.storeDown, fileProblems.damaged */
  read(fileId: string): Promise<Buffer>
}
export interface FileStore extends FileReader {
  /** For backups, which hold what lies there. */
  readonly bucket: Bucket | null
  /** Moves what lies in the database into the bucket, oldest first. @returns how many files */
  moveOut(): Promise<number>
  /** Takes objects out of the bucket whose file is gone. */
  removeGone(): Promise<void>
  /** null: there is no bucket. */
  isBucketThere(): Promise<boolean | null>
}

declare module './db.ts' {
  interface Tables {
    file_gone: { id: string }
  }
}

export const keyOf = (fileId: string): string => `files/${fileId}`

const chunksOf = async (db: Db | Database, fileId: string): Promise<Buffer | null> => {
  const { rows } = await sql<{ bytes: Buffer }>`select bytes from file_chunk where file_id = ${fileId} order by seq`.execute(db)
  return rows.length === 0 ? null : Buffer.concat(rows.map((row) => row.bytes))
}

/** Files that wait for the bucket. */
export const filesInBucket = async (db: Database): Promise<number> => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from file where kept_in = 'BUCKET'
    and not exists (select 1 from file_chunk where file_id = file.id)`.execute(db)
  return rows[0]?.n ?? 0
}

/** Uploads nobody took over within 30 days. What of them is in the bucket is noted for {@link FileStore.removeGone}. */
export async function removeStrayUploads(db: Db): Promise<void> {
  await sql`with gone as (
      delete from file where owner_id is null and uploaded_at < now() - interval '30 days' returning id, kept_in
    )
    insert into file_gone (id) select id from gone where kept_in = 'BUCKET'`.execute(db)
}

export function openFileStore(db: Database, bucket: Bucket | null, log: Log): FileStore {
  async function moveOne({ id, digest }: { id: string; digest: string }): Promise<boolean> {
    const bytes = await chunksOf(db, id)
    if (!bucket || !bytes) return false
    if (sha256Of(bytes) !== digest) {
      log.error({ fileId: id }, 'a file is not what its digest says; it stays in the database')
      return false
    }
    await bucket.put(keyOf(id), bytes, digest)
    return db.transaction().execute(async (tx) => {
      const { rows } = await sql`update file set kept_in = 'BUCKET' where id = ${id} and kept_in = 'DATABASE' returning id`.execute(tx)
      await sql`delete from file_chunk where file_id = ${id}`.execute(tx)
      // deleted meanwhile: what was just put there belongs to nobody
      if (rows.length === 0)
        await sql`insert into file_gone (id) select ${id}::uuid where not exists (select 1 from file where id = ${id})
        on conflict do nothing`.execute(tx)
      return rows.length > 0
    })
  }

  return {
    bucket,
    async read(fileId) {
      const here = await chunksOf(db, fileId)
      if (here) return here
      const file = await db.selectFrom('file').select(['digest', 'name']).where('id', '=', fileId).executeTakeFirstOrThrow()
      if (!bucket) return fail(fileProblems.storeDown, { name: file.name })
      try {
        return await bucket.get(keyOf(fileId), file.digest)
      } catch (error) {
        if (!(error instanceof BucketError)) throw error
        log.error({ err: error, fileId }, 'a file could not be read from the bucket')
        const lost = error.trouble === 'damaged' || error.trouble === 'missing'
        return fail(lost ? fileProblems.damaged : fileProblems.storeDown, { name: file.name })
      }
    },
    async moveOut() {
      if (!bucket) return 0
      let moved = 0
      let after: { at: Temporal.Instant; id: string } | null = null
      for (;;) {
        const { rows } = await sql<{ id: string; digest: string; at: Temporal.Instant }>`
          select id, digest, uploaded_at as at from file where kept_in = 'DATABASE' and digest <> ''
            ${after === null ? sql`` : sql`and (uploaded_at, id) > (${after.at}, ${after.id}::uuid)`}
          order by uploaded_at, id limit 50`.execute(db)
        for (const file of rows) {
          if (await moveOne(file)) moved += 1
          after = { at: file.at, id: file.id }
        }
        if (rows.length === 0) return moved
      }
    },
    async removeGone() {
      if (!bucket) return
      const rows = await db.selectFrom('file_gone').select('id').limit(1_000).execute()
      for (const { id } of rows) {
        await bucket.remove(keyOf(id))
        await db.deleteFrom('file_gone').where('id', '=', id).execute()
      }
    },
    isBucketThere: async () => (bucket ? bucket.isThere() : null),
  }
}
