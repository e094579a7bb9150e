import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import {
  CONTENT_MAX_BYTES,
  type DraftContent,
  type FormKind,
  type FormState,
  type FormView,
  type formApi,
  formProblems,
} from '@changbai/contract/forms.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { attachFile, fileInfo, storeFile } from '../../platform/files.ts'
import { newId } from '../../platform/ids.ts'
import { maskDeep } from '../../platform/mask.ts'
import { seesContacts } from '../../platform/mask-reply.ts'
import type { Download } from '../../platform/mount.ts'
import { compareContents } from './domain/compare.ts'
import { canonical, mergeDraft, oversized, storable } from './domain/draft.ts'
import { type Matter, matterFor, matterRulesOf, rulesOf } from './form.kinds.ts'
import {
  attachmentsOf,
  everAttached,
  type FormRow,
  findForm,
  findVersion,
  insertAttachment,
  insertForm,
  insertVersion,
  type KeptAttachment,
  lockForm,
  removeAttachment,
  replaceField,
  setEditable,
  updateForm,
  type VersionReason,
  versionsOf,
} from './form.store.ts'

type Api = typeof formApi
/** A version is kept at least this often while somebody types. */
const CHECKPOINT_MINUTES = 10
/** Somebody who saved within this time counts as editing beside you. */
const OTHERS_MINUTES = 5
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** @throws commonProblems.notFound if the form or its matter is out of reach */
async function reachForm(ctx: Ctx, formId: string, lock = false): Promise<{ form: FormRow; matter: Matter }> {
  const form = (await (lock ? lockForm : findForm)(ctx.db, formId)) ?? fail(commonProblems.notFound, { formId })
  return { form, matter: await matterFor(ctx, form.subjectType, form.subjectId) }
}

async function requireEditable(ctx: Ctx, form: FormRow, field: string | null): Promise<void> {
  if (!(await matterRulesOf(form.subjectType).mayEdit(ctx, form.subjectId, form.id, field))) fail(formProblems.notEditable)
}

const fieldsWithFiles = (attachments: readonly KeptAttachment[]) => new Set(attachments.map((one) => one.field))

/** What the rules say of a form at its present content. */
export async function stateOf(ctx: Ctx, form: FormRow): Promise<FormState> {
  const files = fieldsWithFiles(await attachmentsOf(ctx.db, form.id))
  const assessed = await rulesOf(form.kind).assess(ctx, form, files)
  return { rev: form.rev, savedAt: form.savedAt.toString(), savedBy: form.savedByName, ...assessed }
}

export async function formState(ctx: Ctx, formId: string): Promise<FormState> {
  return stateOf(ctx, (await findForm(ctx.db, formId)) ?? fail(commonProblems.notFound, { formId }))
}

/** Whoever wrote in it knows what it says. */
const isAuthor = ({ actor }: Ctx, form: FormRow): boolean =>
  actor.personId !== null && (form.savedBy === actor.personId || Object.values(form.touches).some((touch) => touch.byId === actor.personId))

export async function getForm(ctx: Ctx, { formId }: Input<Api['get']>): Promise<FormView> {
  const { form, matter } = await reachForm(ctx, formId)
  const attachments = await attachmentsOf(ctx.db, formId)
  const others = new Map<string, string>()
  for (const touch of Object.values(form.touches)) {
    const recent = Temporal.Instant.from(touch.at).until(ctx.now, { largestUnit: 'minutes' }).minutes < OTHERS_MINUTES
    if (recent && touch.byId !== ctx.actor.personId && (others.get(touch.by) ?? '') < touch.at) others.set(touch.by, touch.at)
  }
  const editable = await matterRulesOf(form.subjectType).mayEdit(ctx, form.subjectId, form.id, null)
  return {
    ...(await stateOf(ctx, form)),
    id: form.id,
    kind: form.kind,
    title: rulesOf(form.kind).titleOf(form.content),
    subject: { type: matter.type, id: matter.id, number: matter.number },
    tenantId: form.tenantId,
    editable,
    isAuthor: editable || isAuthor(ctx, form),
    content: form.content,
    attachments,
    otherEditors: [...others].map(([name, at]) => ({ name, at })),
  }
}

export async function getGaps(ctx: Ctx, { formId }: Input<Api['gaps']>): Promise<Reply<Api['gaps']>> {
  const { form } = await reachForm(ctx, formId)
  const { rev, sections, gaps } = await stateOf(ctx, form)
  return { rev, sections, gaps }
}

function requireFits(form: FormRow, set: DraftContent): void {
  const known = rulesOf(form.kind).shape.schema.shape
  for (const field of Object.keys(set)) if (!Object.hasOwn(known, field)) fail(formProblems.unknownField, { field })
  const large = oversized(set)
  if (large !== null)
    fail(formProblems.valueTooLarge, { field: large }, [
      { path: `set.${large}`, code: 'too_big', message: formProblems.valueTooLarge.title.zh },
    ])
}

/** Keeps a version of what is about to be typed over, when the last one is old. */
async function keepCheckpoint(ctx: Ctx, form: FormRow): Promise<void> {
  const [last] = await versionsOf(ctx.db, form.id)
  const since = last ? Temporal.Instant.from(last.savedAt) : null
  if (form.rev === 0 || (since && since.until(ctx.now, { largestUnit: 'minutes' }).minutes < CHECKPOINT_MINUTES)) return
  if (last && last.rev === form.rev) return
  await keepVersion(ctx, form, 'CHECKPOINT')
}

export async function saveForm(ctx: Ctx, { formId, rev, set }: Input<Api['save']>): Promise<Reply<Api['save']>> {
  const { form } = await reachForm(ctx, formId, true)
  await requireEditable(ctx, form, null)
  requireFits(form, set)
  const who = { rev: form.rev + 1, by: ctx.actor.name, byId: personOf(ctx.actor), at: ctx.now.toString() }
  const joined = mergeDraft(form, storable(set) as DraftContent, rev, who)
  const [conflict] = joined.conflicts
  if (conflict) fail(formProblems.stale, { by: conflict.by, fields: joined.conflicts, rev: form.rev })
  if (joined.changed.length === 0) return { ...(await stateOf(ctx, form)), merged: joined.merged }
  if (Buffer.byteLength(JSON.stringify(joined.content)) > CONTENT_MAX_BYTES) fail(formProblems.valueTooLarge, { field: joined.changed[0] })

  await keepCheckpoint(ctx, form)
  const saved = await storeContent(ctx, form, joined.content, joined.touches)
  await ctx.record({
    kind: 'form.saved',
    subject: { type: 'form', id: formId },
    tenantId: form.tenantId,
    data: { rev: saved.rev, fields: joined.changed },
  })
  return { ...(await stateOf(ctx, saved)), merged: joined.merged }
}

async function storeContent(ctx: Ctx, form: FormRow, content: DraftContent, touches: FormRow['touches']): Promise<FormRow> {
  const saved: FormRow = {
    ...form,
    rev: form.rev + 1,
    content,
    touches,
    savedAt: ctx.now,
    savedBy: ctx.actor.personId,
    savedByName: ctx.actor.name,
  }
  await updateForm(ctx.db, saved)
  await matterRulesOf(form.subjectType).contentSaved(ctx, saved)
  return saved
}

/** Puts another content in place of the whole, e.g. the part of a split; the old one is kept as a version. */
export async function replaceContent(ctx: Ctx, formId: string, content: DraftContent, reason: VersionReason): Promise<FormRow> {
  const form = (await lockForm(ctx.db, formId)) ?? fail(commonProblems.notFound, { formId })
  const saved = await storeContent(ctx, form, content, form.touches)
  await keepVersion(ctx, saved, reason)
  return saved
}

/** Creates a form, empty or with the content of another. */
export async function createForm(
  ctx: Ctx,
  given: {
    kind: FormKind
    subjectType: Matter['type']
    subjectId: string
    tenantId: string
    forKind: 'NEW' | 'EXPANSION'
    content?: DraftContent
    editable?: boolean
  },
): Promise<string> {
  const id = newId()
  await insertForm(ctx.db, {
    id,
    kind: given.kind,
    subjectType: given.subjectType,
    subjectId: given.subjectId,
    tenantId: given.tenantId,
    forKind: given.forKind,
    rev: 0,
    content: given.content ?? {},
    touches: {},
    editable: given.editable ?? true,
    savedAt: ctx.now,
    savedBy: ctx.actor.personId,
    savedByName: ctx.actor.name,
  })
  return id
}

/** Lets a new form begin with the attachments of an older one; the files stay where they are. */
export async function copyAttachments(ctx: Ctx, fromFormId: string, toFormId: string): Promise<void> {
  for (const one of await attachmentsOf(ctx.db, fromFormId))
    await insertAttachment(ctx.db, toFormId, one, Temporal.Instant.from(one.uploadedAt))
}

const digestOf = (content: DraftContent, attachments: readonly KeptAttachment[]): string =>
  sha256Hex(canonical({ content, files: attachments.map((one) => [one.field, one.digest.value]) }))

/** Keeps the form as it stands: what was handed in can be read for ever. */
export async function keepVersion(ctx: Ctx, form: FormRow, reason: VersionReason): Promise<string> {
  const attachments = await attachmentsOf(ctx.db, form.id)
  const digest = digestOf(form.content, attachments)
  await insertVersion(ctx.db, form.id, {
    rev: form.rev,
    reason,
    content: form.content,
    attachments,
    digest,
    // a checkpoint is of the past content: it bears the name of who typed that
    savedAt: reason === 'CHECKPOINT' ? form.savedAt : ctx.now,
    savedByName: reason === 'CHECKPOINT' ? form.savedByName : ctx.actor.name,
  })
  return digest
}

/**
 * Freezes forms at hand-in: the revisions must be those the person has seen, and nothing may be open.
 * @throws formProblems.stale, formProblems.incomplete
 */
export async function freezeForms(
  ctx: Ctx,
  forms: readonly { formId: string; rev?: number | undefined }[],
  reason: VersionReason,
): Promise<FormRow[]> {
  const rows: FormRow[] = []
  const gaps: unknown[] = []
  for (const { formId, rev } of forms) {
    const form = (await lockForm(ctx.db, formId)) ?? fail(commonProblems.notFound, { formId })
    if (rev !== undefined && rev !== form.rev) fail(formProblems.stale, { by: form.savedByName, fields: [], rev: form.rev })
    const state = await stateOf(ctx, form)
    gaps.push(...state.gaps.map((gap) => ({ form: form.kind, ...gap })))
    rows.push(form)
  }
  if (gaps.length > 0) fail(formProblems.incomplete, { count: gaps.length, gaps })
  for (const form of rows) await keepVersion(ctx, form, reason)
  await setEditable(
    ctx.db,
    rows.map((form) => form.id),
    false,
  )
  return rows
}

export const openForms = (ctx: Ctx, formIds: readonly string[]): Promise<void> => setEditable(ctx.db, formIds, true)
export const closeForms = (ctx: Ctx, formIds: readonly string[]): Promise<void> => setEditable(ctx.db, formIds, false)
export const readForm = async (ctx: Ctx, formId: string): Promise<FormRow> =>
  (await findForm(ctx.db, formId)) ?? fail(commonProblems.notFound, { formId })
export const hasFile = async (ctx: Ctx, formId: string, field: string): Promise<boolean> =>
  fieldsWithFiles(await attachmentsOf(ctx.db, formId)).has(field)
/** Digest over forms as they stand, for a signature. */
export async function digestOfForms(ctx: Ctx, formIds: readonly string[]): Promise<string> {
  const parts: string[] = []
  for (const formId of formIds) parts.push(digestOf((await readForm(ctx, formId)).content, await attachmentsOf(ctx.db, formId)))
  return sha256Hex(parts.join('\n'))
}

export async function getVersions(ctx: Ctx, { formId }: Input<Api['versions']>): Promise<Reply<Api['versions']>> {
  await reachForm(ctx, formId)
  return { items: await versionsOf(ctx.db, formId) }
}

export async function getVersion(ctx: Ctx, { formId, version }: Input<Api['version']>): Promise<Reply<Api['version']>> {
  await reachForm(ctx, formId)
  return (await findVersion(ctx.db, formId, version)) ?? fail(formProblems.noSuchVersion)
}

/** A version's content and files by field; version 0 is the present. */
async function contentAt(ctx: Ctx, form: FormRow, version: number): Promise<{ content: DraftContent; attachments: KeptAttachment[] }> {
  if (version === 0) return { content: form.content, attachments: await attachmentsOf(ctx.db, form.id) }
  return (await findVersion(ctx.db, form.id, version)) ?? fail(formProblems.noSuchVersion)
}

export async function compareVersions(ctx: Ctx, { formId, from, to }: Input<Api['compare']>): Promise<Reply<Api['compare']>> {
  const { form } = await reachForm(ctx, formId)
  const read = async (version: number) => {
    const { content, attachments } = await contentAt(ctx, form, version)
    return { content, files: Object.fromEntries(attachments.map((one) => [one.field === 'other' ? one.fileId : one.field, one.name])) }
  }
  return { from, to, differences: compareContents(rulesOf(form.kind).shape, await read(from), await read(to)) }
}

export async function attachToForm(
  ctx: Ctx,
  { formId, field }: Input<Api['attach']>,
  upload: { name: string; bytes: Buffer },
): Promise<Reply<Api['attach']>> {
  const { form } = await reachForm(ctx, formId, true)
  if (field !== 'other' && !Object.hasOwn(rulesOf(form.kind).shape.files, field)) fail(formProblems.unknownField, { field })
  await requireEditable(ctx, form, field)
  const file = await storeFile(ctx, [upload.bytes], { name: upload.name, purpose: `form.${field}` })
  await attachFile(ctx, file.id, { type: 'form', id: formId, tenantId: form.tenantId })
  if (field !== 'other') await replaceField(ctx.db, formId, field, ctx.now)
  const attachment: KeptAttachment = {
    fileId: file.id,
    field,
    name: file.name,
    mediaType: file.mediaType,
    sizeBytes: file.sizeBytes,
    digest: { algorithm: file.digestAlgorithm, value: file.digest },
    uploadedAt: ctx.now.toString(),
    uploadedBy: ctx.actor.name,
  }
  await insertAttachment(ctx.db, formId, attachment, ctx.now)
  await ctx.record({
    kind: 'form.file-attached',
    subject: { type: 'form', id: formId },
    tenantId: form.tenantId,
    data: { field, fileId: file.id, digest: file.digest },
  })
  return { attachment, state: await stateOf(ctx, form) }
}

export async function detachFromForm(ctx: Ctx, { formId, fileId }: Input<Api['detach']>): Promise<FormState> {
  const { form } = await reachForm(ctx, formId, true)
  const one = (await attachmentsOf(ctx.db, formId)).find((kept) => kept.fileId === fileId) ?? fail(commonProblems.notFound, { fileId })
  await requireEditable(ctx, form, one.field)
  await removeAttachment(ctx.db, formId, fileId, ctx.now)
  await ctx.record({
    kind: 'form.file-removed',
    subject: { type: 'form', id: formId },
    tenantId: form.tenantId,
    data: { field: one.field, fileId },
  })
  return stateOf(ctx, form)
}

export async function downloadFromForm(ctx: Ctx, { formId, fileId }: Input<Api['download']>): Promise<Download> {
  await reachForm(ctx, formId)
  if (!(await everAttached(ctx.db, formId, fileId))) fail(commonProblems.notFound, { fileId })
  const file = (await fileInfo(ctx.db, fileId)) ?? fail(commonProblems.notFound, { fileId })
  return { name: file.name, mediaType: file.mediaType, bytes: (files) => files.read(fileId) }
}

/** May the actor see the form a file hangs on? For the general file download. */
export async function maySeeForm(ctx: Ctx, formId: string): Promise<boolean> {
  const form = await findForm(ctx.db, formId)
  if (!form) return false
  await matterRulesOf(form.subjectType).reach(ctx, form.subjectId)
  return true
}

export async function printForm(ctx: Ctx, { formId, version }: Input<Api['print']>): Promise<Download> {
  const { form, matter } = await reachForm(ctx, formId)
  const kept = await contentAt(ctx, form, version)
  const isWhole = isAuthor(ctx, form) || seesContacts(ctx.actor)
  const paper = isWhole ? kept : { ...kept, content: maskDeep(kept.content) as DraftContent }
  const { name, bytes } = await rulesOf(form.kind).print(ctx, { form, matter, ...paper })
  await ctx.record({
    kind: 'form.printed',
    subject: { type: 'form', id: formId },
    tenantId: form.tenantId,
    data: { version, digest: sha256Hex(bytes) },
  })
  return { name, mediaType: WORD, bytes }
}
