import { createHash } from 'node:crypto'
import { type FileInfo, fileProblems } from '@changbai/contract/file.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import type { Generated } from 'kysely'
import { personOf } from './actor.ts'
import type { Ctx } from './ctx.ts'
import type { Db } from './db.ts'
import { fail } from './fail.ts'
import { newId } from './ids.ts'

interface FileTable {
  id: string
  name: string
  media_type: string
  size_bytes: number
  digest: string
  digest_algorithm: string
  purpose: string
  owner_type: string | null
  owner_id: string | null
  tenant_id: string | null
  uploaded_by: string | null
  uploaded_at: Temporal.Instant
  kept_in: Generated<'DATABASE' | 'BUCKET'>
}
interface FileChunkTable {
  file_id: string
  seq: number
  bytes: Buffer
}
interface NumberSeriesTable {
  prefix: string
  day: string
  last: Generated<number>
}
interface CommandReplyTable {
  person_key: string
  idempotency_key: string
  endpoint: string
  input_sha256: string
  reply: unknown
  at: Temporal.Instant
}
declare module './db.ts' {
  interface Tables {
    file: FileTable
    file_chunk: FileChunkTable
    number_series: NumberSeriesTable
    command_reply: CommandReplyTable
  }
}

/** Largest attachment, in bytes (form rule of every form: 50 MB). */
export const FILE_BYTES_MAX = 50 * 1024 * 1024
const CHUNK_BYTES = 1024 * 1024

/** Types accepted as attachments: how they are named, and the bytes they must begin with. */
const ACCEPTED: readonly { type: string; extensions: readonly string[]; begins: readonly (string | Buffer)[] }[] = [
  { type: 'application/pdf', extensions: ['pdf'], begins: ['%PDF-'] },
  { type: 'image/png', extensions: ['png'], begins: [Buffer.from('89504e470d0a1a0a', 'hex')] },
  { type: 'image/jpeg', extensions: ['jpg', 'jpeg'], begins: [Buffer.from('ffd8ff', 'hex')] },
  { type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', extensions: ['docx'], begins: ['PK\u0003\u0004'] },
  { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', extensions: ['xlsx'], begins: ['PK\u0003\u0004'] },
  { type: 'application/vnd.ms-excel', extensions: ['xls', 'et'], begins: [Buffer.from('d0cf11e0a1b11ae1', 'hex')] },
  { type: 'application/msword', extensions: ['doc', 'wps'], begins: [Buffer.from('d0cf11e0a1b11ae1', 'hex')] },
  { type: 'application/ofd', extensions: ['ofd'], begins: ['PK\u0003\u0004'] },
  { type: 'application/zip', extensions: ['zip'], begins: ['PK\u0003\u0004'] },
  { type: 'text/csv', extensions: ['csv'], begins: [] },
  { type: 'text/plain', extensions: ['txt', 'log'], begins: [] },
]

/** The media type a file may be kept under, from its name and its first bytes; null if they disagree or the type is not accepted. */
export function acceptedMediaType(name: string, head: Buffer): string | null {
  const extension = name.toLowerCase().split('.').at(-1) ?? ''
  const kind = ACCEPTED.find((one) => one.extensions.includes(extension))
  if (!kind) return null
  if (kind.begins.length === 0) return head.includes(0) ? null : kind.type
  return kind.begins.some((magic) => head.subarray(0, magic.length).equals(Buffer.from(magic as string, 'latin1'))) ? kind.type : null
}

/**
 * Stores an upload chunk by chunk, in the transaction of its command even where a bucket is configured: the bucket is the outside, and a job
 * moves the bytes there afterwards (file-store.ts). Until then, and while the bucket is down, they are read from here; without an owner it belongs to nobody but its uploader until {@link attachFile}.
 * @throws fileProblems.lyingType, fileProblems.tooLarge, fileProblems.empty
 */
export async function storeFile(
  ctx: Ctx,
  stream: AsyncIterable<Buffer> | Iterable<Buffer>,
  { name, purpose, owner }: { name: string; purpose: string; owner?: { type: string; id: string } },
): Promise<FileInfo> {
  const id = newId()
  const cleanName = name.replace(/[\\/]|\p{Cc}/gu, '_').slice(-200)
  await ctx.db
    .insertInto('file')
    .values({
      id,
      name: cleanName,
      media_type: '',
      size_bytes: 0,
      digest: '',
      digest_algorithm: 'SHA-256',
      purpose,
      owner_type: owner?.type ?? null,
      owner_id: owner?.id ?? null,
      tenant_id: null,
      uploaded_by: ctx.actor.personId,
      uploaded_at: ctx.now,
    })
    .execute()
  const hash = createHash('sha256')
  let size = 0
  let seq = 0
  let mediaType = ''
  let held: Buffer[] = []
  let heldBytes = 0
  const flush = async (): Promise<void> => {
    const bytes = Buffer.concat(held)
    if (seq === 0) mediaType = acceptedMediaType(cleanName, bytes) ?? fail(fileProblems.lyingType, { name: cleanName })
    await ctx.db.insertInto('file_chunk').values({ file_id: id, seq, bytes }).execute()
    seq += 1
    held = []
    heldBytes = 0
  }
  for await (const bytes of stream) {
    size += bytes.length
    if (size > FILE_BYTES_MAX) fail(fileProblems.tooLarge, { name: cleanName })
    hash.update(bytes)
    held.push(bytes)
    heldBytes += bytes.length
    if (heldBytes >= CHUNK_BYTES) await flush()
  }
  if (size === 0) fail(fileProblems.empty, { name: cleanName })
  if (heldBytes > 0) await flush()
  const digest = hash.digest('hex')
  await ctx.db.updateTable('file').set({ media_type: mediaType, size_bytes: size, digest }).where('id', '=', id).execute()
  await ctx.record({ kind: 'file.stored', subject: { type: 'file', id }, data: { name: cleanName, sizeBytes: size, digest } })
  return { id, name: cleanName, mediaType, sizeBytes: size, digest, digestAlgorithm: 'SHA-256' }
}

/** Gives an uploaded file to an object, whose permission it follows from then on. Only its uploader can, and only once. */
export async function attachFile(ctx: Ctx, fileId: string, owner: { type: string; id: string; tenantId: string | null }): Promise<void> {
  const done = await ctx.db
    .updateTable('file')
    .set({ owner_type: owner.type, owner_id: owner.id, tenant_id: owner.tenantId })
    .where('id', '=', fileId)
    .where((eb) =>
      eb.or([
        eb.and([eb('owner_id', 'is', null), eb('uploaded_by', '=', personOf(ctx.actor))]),
        eb.and([eb('owner_type', '=', owner.type), eb('owner_id', '=', owner.id)]),
      ]),
    )
    .executeTakeFirst()
  if (done.numUpdatedRows === 0n) fail(commonProblems.notFound, { fileId })
}

export interface StoredFile extends FileInfo {
  ownerType: string | null
  ownerId: string | null
  tenantId: string | null
  uploadedBy: string | null
}

/** What is known of a file; whether the caller may see it is decided by the owner's module. */
export async function fileInfo(db: Db, fileId: string): Promise<StoredFile | undefined> {
  const row = await db.selectFrom('file').selectAll().where('id', '=', fileId).executeTakeFirst()
  return (
    row && {
      id: row.id,
      name: row.name,
      mediaType: row.media_type,
      sizeBytes: row.size_bytes,
      digest: row.digest,
      digestAlgorithm: 'SHA-256',
      ownerType: row.owner_type,
      ownerId: row.owner_id,
      tenantId: row.tenant_id,
      uploadedBy: row.uploaded_by,
    }
  )
}
