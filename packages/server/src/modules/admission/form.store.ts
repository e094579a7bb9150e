import type { DraftContent, FormKind } from '@changbai/contract/forms.ts'
import { type ColumnType, sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { Touches } from './domain/draft.ts'

/** Read parsed, written as text: a list would otherwise become a PostgreSQL array. */
export type Json<T> = ColumnType<T, string, string>

interface FormDocumentTable {
  id: string
  kind: FormKind
  subject_type: 'admission' | 'request'
  subject_id: string
  tenant_id: string
  for_kind: 'NEW' | 'EXPANSION'
  rev: number
  content: Json<DraftContent>
  touches: Json<Touches>
  editable: boolean
  created_at: Temporal.Instant
  saved_at: Temporal.Instant
  saved_by: string | null
  saved_by_name: string
}
export interface KeptAttachment {
  fileId: string
  field: string
  name: string
  mediaType: string
  sizeBytes: number
  digest: { algorithm: string; value: string }
  uploadedAt: string
  uploadedBy: string
}
export type VersionReason = 'CHECKPOINT' | 'SUBMITTED' | 'RESUBMITTED' | 'FINALISED' | 'SPLIT'
interface FormVersionTable {
  form_id: string
  version: number
  rev: number
  reason: VersionReason
  content: Json<DraftContent>
  attachments: Json<KeptAttachment[]>
  digest: string
  digest_algorithm: string
  saved_at: Temporal.Instant
  saved_by_name: string
}
interface FormAttachmentTable {
  form_id: string
  file_id: string
  field: string
  name: string
  media_type: string
  size_bytes: number
  digest: string
  digest_algorithm: string
  uploaded_at: Temporal.Instant
  uploaded_by_name: string
  removed_at: Temporal.Instant | null
}
declare module '../../platform/db.ts' {
  interface Tables {
    form_document: FormDocumentTable
    form_version: FormVersionTable
    form_attachment: FormAttachmentTable
  }
}

export interface FormRow {
  id: string
  kind: FormKind
  subjectType: 'admission' | 'request'
  subjectId: string
  tenantId: string
  forKind: 'NEW' | 'EXPANSION'
  rev: number
  content: DraftContent
  touches: Touches
  editable: boolean
  savedAt: Temporal.Instant
  savedBy: string | null
  savedByName: string
}

const columns = [
  'id',
  'kind',
  'subject_type as subjectType',
  'subject_id as subjectId',
  'tenant_id as tenantId',
  'for_kind as forKind',
  'rev',
  'content',
  'touches',
  'editable',
  'saved_at as savedAt',
  'saved_by as savedBy',
  'saved_by_name as savedByName',
] as const

export const findForm = (db: Db, id: string): Promise<FormRow | undefined> =>
  db.selectFrom('form_document').select(columns).where('id', '=', id).executeTakeFirst()

/** Holds the form until the end of the transaction: two savers come one after the other. */
export const lockForm = (db: Db, id: string): Promise<FormRow | undefined> =>
  db.selectFrom('form_document').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()

export async function insertForm(db: Db, form: FormRow): Promise<void> {
  await db
    .insertInto('form_document')
    .values({
      id: form.id,
      kind: form.kind,
      subject_type: form.subjectType,
      subject_id: form.subjectId,
      tenant_id: form.tenantId,
      for_kind: form.forKind,
      rev: form.rev,
      content: JSON.stringify(form.content),
      touches: JSON.stringify(form.touches),
      editable: form.editable,
      created_at: form.savedAt,
      saved_at: form.savedAt,
      saved_by: form.savedBy,
      saved_by_name: form.savedByName,
    })
    .execute()
}

export async function updateForm(
  db: Db,
  form: Pick<FormRow, 'id' | 'rev' | 'content' | 'touches' | 'savedAt' | 'savedBy' | 'savedByName'>,
): Promise<void> {
  await db
    .updateTable('form_document')
    .set({
      rev: form.rev,
      content: JSON.stringify(form.content),
      touches: JSON.stringify(form.touches),
      saved_at: form.savedAt,
      saved_by: form.savedBy,
      saved_by_name: form.savedByName,
    })
    .where('id', '=', form.id)
    .execute()
}

export async function setEditable(db: Db, formIds: readonly string[], editable: boolean): Promise<void> {
  await db.updateTable('form_document').set({ editable }).where('id', 'in', formIds).execute()
}

/** Attachments of the form as it stands now, in order of arrival. */
export async function attachmentsOf(db: Db, formId: string): Promise<KeptAttachment[]> {
  const rows = await db
    .selectFrom('form_attachment')
    .selectAll()
    .where('form_id', '=', formId)
    .where('removed_at', 'is', null)
    .orderBy('uploaded_at')
    .orderBy('file_id')
    .execute()
  return rows.map((row) => ({
    fileId: row.file_id,
    field: row.field,
    name: row.name,
    mediaType: row.media_type,
    sizeBytes: row.size_bytes,
    digest: { algorithm: row.digest_algorithm, value: row.digest },
    uploadedAt: row.uploaded_at.toString(),
    uploadedBy: row.uploaded_by_name,
  }))
}

export async function insertAttachment(db: Db, formId: string, one: KeptAttachment, at: Temporal.Instant): Promise<void> {
  await db
    .insertInto('form_attachment')
    .values({
      form_id: formId,
      file_id: one.fileId,
      field: one.field,
      name: one.name,
      media_type: one.mediaType,
      size_bytes: one.sizeBytes,
      digest: one.digest.value,
      digest_algorithm: one.digest.algorithm,
      uploaded_at: at,
      uploaded_by_name: one.uploadedBy,
      removed_at: null,
    })
    .execute()
}

/** @returns whether it was there */
export async function removeAttachment(db: Db, formId: string, fileId: string, at: Temporal.Instant): Promise<boolean> {
  const done = await db
    .updateTable('form_attachment')
    .set({ removed_at: at })
    .where('form_id', '=', formId)
    .where('file_id', '=', fileId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** The form keeps one file per field: a new one takes the place of the old. */
export async function replaceField(db: Db, formId: string, field: string, at: Temporal.Instant): Promise<void> {
  await db
    .updateTable('form_attachment')
    .set({ removed_at: at })
    .where('form_id', '=', formId)
    .where('field', '=', field)
    .where('removed_at', 'is', null)
    .execute()
}

export const everAttached = async (db: Db, formId: string, fileId: string): Promise<boolean> =>
  (await db
    .selectFrom('form_attachment')
    .select('file_id')
    .where('form_id', '=', formId)
    .where('file_id', '=', fileId)
    .executeTakeFirst()) !== undefined

export interface VersionRow {
  version: number
  rev: number
  reason: VersionReason
  savedAt: string
  savedBy: string
  digest: { algorithm: string; value: string }
}

export async function insertVersion(
  db: Db,
  formId: string,
  kept: {
    rev: number
    reason: VersionReason
    content: DraftContent
    attachments: KeptAttachment[]
    digest: string
    savedAt: Temporal.Instant
    savedByName: string
  },
): Promise<void> {
  await db
    .insertInto('form_version')
    .values({
      form_id: formId,
      version: sql<number>`(select coalesce(max(version), 0) + 1 from form_version where form_id = ${formId})`,
      rev: kept.rev,
      reason: kept.reason,
      content: JSON.stringify(kept.content),
      attachments: JSON.stringify(kept.attachments),
      digest: kept.digest,
      digest_algorithm: 'SHA-256',
      saved_at: kept.savedAt,
      saved_by_name: kept.savedByName,
    })
    .execute()
}

/** Newest first. */
export async function versionsOf(db: Db, formId: string): Promise<VersionRow[]> {
  const rows = await db
    .selectFrom('form_version')
    .select(['version', 'rev', 'reason', 'saved_at', 'saved_by_name', 'digest', 'digest_algorithm'])
    .where('form_id', '=', formId)
    .orderBy('version', 'desc')
    .execute()
  return rows.map((row) => ({
    version: row.version,
    rev: row.rev,
    reason: row.reason,
    savedAt: row.saved_at.toString(),
    savedBy: row.saved_by_name,
    digest: { algorithm: row.digest_algorithm, value: row.digest },
  }))
}

export async function findVersion(
  db: Db,
  formId: string,
  version: number,
): Promise<(VersionRow & { content: DraftContent; attachments: KeptAttachment[] }) | undefined> {
  const row = await db
    .selectFrom('form_version')
    .selectAll()
    .where('form_id', '=', formId)
    .where('version', '=', version)
    .executeTakeFirst()
  return (
    row && {
      version: row.version,
      rev: row.rev,
      reason: row.reason,
      savedAt: row.saved_at.toString(),
      savedBy: row.saved_by_name,
      digest: { algorithm: row.digest_algorithm, value: row.digest },
      content: row.content,
      attachments: row.attachments,
    }
  )
}
