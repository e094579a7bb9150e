import { type documentApi, documentProblems, type LibraryDocument } from '@changbai/contract/document.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan } from '../../platform/actor.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Row } from '../../platform/db.ts'
import { fail } from '../../platform/fail.ts'
import { attachFile, fileInfo } from '../../platform/files.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import type { Download } from '../../platform/mount.ts'
import { wallTime } from '../../platform/sheets.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { watermarked, writeZip, type ZipEntry } from '../../platform/zip.ts'
import * as store from './document.store.ts'

type Api = typeof documentApi
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

const toDocument = (row: Row<'library_document'>, versions: readonly Row<'library_version'>[]): LibraryDocument => ({
  id: row.id,
  title: row.title,
  kind: row.kind,
  keepUntil: row.keep_until.toString(),
  retiredAt: row.retired_at?.toString() ?? null,
  versions: versions
    .filter((one) => one.document_id === row.id)
    .map((one) => ({
      version: one.version,
      fileId: one.file_id,
      fileName: one.file_name,
      digest: { algorithm: one.digest_algorithm, value: one.digest },
      byName: one.by_name,
      at: one.at.toString(),
      note: one.note,
    })),
})
const again = async (ctx: Ctx, row: Row<'library_document'>): Promise<LibraryDocument> =>
  toDocument(row, await store.versionsOf(ctx.db, [row.id]))

export async function listDocumentPage(ctx: Ctx, { after, limit }: Input<Api['library']>): Promise<Reply<Api['library']>> {
  const rows = await store.listDocuments(ctx.db, { before: readCursor(after)?.[1], limit: limit + 1 })
  const { items, next } = pageOf(rows, limit, (row) => ['', row.id])
  const versions = await store.versionsOf(
    ctx.db,
    items.map(({ id }) => id),
  )
  return { items: items.map((row) => toDocument(row, versions)), next }
}

async function putVersion(ctx: Ctx, documentId: string, fileId: string, note: string): Promise<void> {
  const file = (await fileInfo(ctx.db, fileId)) ?? fail(commonProblems.notFound, { fileId })
  await attachFile(ctx, fileId, { type: 'document', id: documentId, tenantId: null })
  const version = (await store.versionsOf(ctx.db, [documentId])).length + 1
  await store.insertVersion(ctx.db, {
    document_id: documentId,
    version,
    file_id: fileId,
    file_name: file.name,
    digest: file.digest,
    digest_algorithm: file.digestAlgorithm,
    note,
    by_name: ctx.actor.name,
    at: ctx.now,
  })
  await ctx.record({
    kind: 'document.version-added',
    subject: { type: 'document', id: documentId },
    after: { version, name: file.name, digest: file.digest, note },
  })
}

export async function addDocument(
  ctx: Ctx,
  { title, kind, keepUntil, fileId, note }: Input<Api['addDocument']>,
): Promise<Reply<Api['addDocument']>> {
  const row = await store.insertDocument(ctx.db, {
    id: newId(),
    title,
    kind,
    keep_until: Temporal.PlainDate.from(keepUntil),
    retired_at: null,
    created_at: ctx.now,
  })
  await putVersion(ctx, row.id, fileId, note)
  await ctx.record({ kind: 'document.added', subject: { type: 'document', id: row.id }, after: { title, kind, keepUntil } })
  return again(ctx, row)
}
const reach = async (ctx: Ctx, id: string): Promise<Row<'library_document'>> =>
  (await store.lockDocument(ctx.db, id)) ?? fail(commonProblems.notFound, { id })

export async function addVersion(ctx: Ctx, { documentId, fileId, note }: Input<Api['addVersion']>): Promise<Reply<Api['addVersion']>> {
  const row = await reach(ctx, documentId)
  if (row.retired_at) fail(documentProblems.closed)
  await putVersion(ctx, row.id, fileId, note)
  return again(ctx, row)
}
/** Out of use; what is kept stays kept, and its versions with it. */
export async function retireDocument(ctx: Ctx, { documentId }: Input<Api['retire']>): Promise<Reply<Api['retire']>> {
  const row = await reach(ctx, documentId)
  if (row.retired_at) fail(documentProblems.closed)
  if (Temporal.PlainDate.compare(shanghaiDay(ctx.now), row.keep_until) < 0) fail(documentProblems.kept, { day: row.keep_until.toString() })
  await ctx.record({ kind: 'document.retired', subject: { type: 'document', id: row.id } })
  return again(ctx, await store.retireDocument(ctx.db, row.id, ctx.now))
}

/** A Word file says on top who took it out and when; other files go out as they are, and the ledger says so. */
export async function exportDocument(ctx: Ctx, { documentId, version }: Input<Api['exportDocument']>): Promise<Download> {
  const row = await reach(ctx, documentId)
  const found =
    (await store.versionsOf(ctx.db, [row.id])).find((one) => one.version === version) ?? fail(commonProblems.notFound, { version })
  const info = await fileInfo(ctx.db, found.file_id)
  const marked = info?.mediaType === WORD
  const words = `${ctx.actor.name} ${wallTime(ctx.now.toString())} 导出 ${row.title} 第 ${version} 版`
  await ctx.record({
    kind: 'document.exported',
    subject: { type: 'document', id: row.id },
    data: { version, digest: found.digest, watermark: marked },
  })
  return {
    name: found.file_name,
    mediaType: info?.mediaType ?? 'application/octet-stream',
    bytes: async (files) => {
      const bytes = await files.read(found.file_id)
      return marked ? watermarked(bytes, words) : bytes
    },
  }
}

/** What other modules put into the package of a year; the app hands them in. */
export type ArchivePart = (ctx: Ctx, year: number) => Promise<ZipEntry[]>
const parts: ArchivePart[] = []
export const registerArchiveParts = (offered: readonly ArchivePart[]): void => {
  for (const part of offered) if (!parts.includes(part)) parts.push(part)
}

/** Everything a year left behind as one zip, with a manifest that names each file by its digest. */
export async function archiveYear(ctx: Ctx, { year }: Input<Api['archive']>): Promise<Download> {
  const startOf = (one: number) => Temporal.PlainDate.from({ year: one, month: 1, day: 1 }).toZonedDateTime('Asia/Shanghai').toInstant()
  const span = { from: startOf(year), to: startOf(year + 1) }
  const json = (name: string, value: unknown): ZipEntry => ({
    name: `${name}.json`,
    bytes: Buffer.from(JSON.stringify(value, null, 1), 'utf8'),
  })
  const entries: ZipEntry[] = [
    json('运营指导', await store.guidanceBetween(ctx.db, span)),
    json('运营看板签阅', await store.signaturesBetween(ctx.db, span)),
    json('协调事项', await store.coordinationDue(ctx.db, shanghaiDay(span.from), shanghaiDay(span.to))),
    json('规划建议', await store.papersSent(ctx.db, span)),
  ]
  for (const part of parts) entries.push(...(await part(ctx, year)))
  const kept: { name: string; fileId: string; bytes: number; digest: string }[] = []
  for (const one of await store.versionsBetween(ctx.db, span)) {
    const { sizeBytes, digest } = (await fileInfo(ctx.db, one.file_id)) ?? fail(commonProblems.notFound, { fileId: one.file_id })
    kept.push({ name: `文档库/${one.document_id}/${one.version}-${one.file_name}`, fileId: one.file_id, bytes: sizeBytes, digest })
  }
  const manifest = Buffer.from(
    JSON.stringify(
      {
        year,
        at: ctx.now.toString(),
        by: ctx.actor.name,
        algorithm: 'SHA-256',
        files: [
          ...entries.map(({ name, bytes }) => ({ name, bytes: bytes.length, digest: sha256Hex(bytes) })),
          ...kept.map(({ name, bytes, digest }) => ({ name, bytes, digest })),
        ],
      },
      null,
      1,
    ),
    'utf8',
  )
  const digest = ctx.crypto.digest(manifest.toString('utf8'))
  const id = newId()
  await store.insertArchive(ctx.db, {
    id,
    year,
    files: entries.length + kept.length,
    digest,
    digest_algorithm: ctx.crypto.digestAlgorithm,
    by_name: ctx.actor.name,
    at: ctx.now,
  })
  await ctx.record({
    kind: 'archive.packed',
    subject: { type: 'archive', id },
    after: { year, files: entries.length + kept.length, digest },
  })
  return {
    name: `归档-${year}.zip`,
    mediaType: 'application/zip',
    bytes: async (files) => {
      const papers: ZipEntry[] = []
      for (const { name, fileId } of kept) papers.push({ name, bytes: await files.read(fileId) })
      return writeZip([{ name: 'manifest.json', bytes: manifest }, ...entries, ...papers])
    },
  }
}
export async function listArchivePackages(ctx: Ctx): Promise<Reply<Api['archives']>> {
  return {
    items: (await store.listArchives(ctx.db)).map((row) => ({
      id: row.id,
      year: row.year,
      files: row.files,
      digest: { algorithm: row.digest_algorithm, value: row.digest },
      byName: row.by_name,
      at: row.at.toString(),
    })),
  }
}

/** Files of the library are seen by whoever reads it. */
export const maySeeDocument = async (ctx: Ctx, _id: string): Promise<boolean> => actorCan(ctx.actor, 'document.read', 'R')
