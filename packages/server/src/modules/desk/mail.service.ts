import { type DeskMail, type intakeApi, type MailKind, intakeProblems as problems } from '@changbai/contract/desk-intake.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { acceptedMediaType, fileInfo, storeFile } from '../../platform/files.ts'
import { newId } from '../../platform/ids.ts'
import { pageOf, readCursor } from '../../platform/keyset.ts'
import { peopleWithEmail, tenantNames } from '../identity/index.ts'
import { mailOutsider, notify, registerNotices } from '../notification/index.ts'
import {
  alikeSince,
  findMail,
  type IntakeRow,
  insertMail,
  listMails,
  lockMail,
  type MailRow,
  mailBefore,
  updateMail,
} from './intake.store.ts'
import { firstState, kindOf, LOOP_MINUTES, numberIn, signIn, signOf } from './mail.domain.ts'
import type { ParsedLetter } from './mail.parse.ts'

type Api = typeof intakeApi

declare module '../../platform/ctx.ts' {
  interface Events {
    /** A letter answers something that is known. Whoever keeps that matter writes it down and says so here; otherwise it waits at the desk. */
    'desk.mail-replied': {
      incidentId: string | null
      serviceRequestId: string | null
      /** From the subject, when no thread is known. */
      number: string | null
      personId: string | null
      tenantId: string | null
      fromName: string
      text: string
      kept: { incidentId: string | null; serviceRequestId: string | null; number: string } | null
    }
    'desk.mail-received': { mailId: string; subject: string; fromName: string }
  }
}

export const registerMailNotices = (): void =>
  registerNotices([
    {
      event: 'desk.mail-received',
      topic: 'task',
      urgency: 'NORMAL',
      placeholders: ['subject', 'from'],
      zh: { title: '来信待处理：{subject}', body: '{from} 来信“{subject}”，请转为故障、服务请求，或答复。' },
      en: { title: 'A letter waits: {subject}', body: '{from} wrote “{subject}”: make it an incident or a request, or answer it.' },
    },
    {
      event: 'desk.mail-answer',
      topic: 'task',
      urgency: 'NORMAL',
      placeholders: ['subject', 'text', 'sign'],
      zh: { title: '答复：{subject} {sign}', body: '{text}\n\n回信请保留主题中的编号。吉林省政务云服务台' },
      en: {
        title: 'Re: {subject} {sign}',
        body: '{text}\n\nPlease keep the sign in the subject when you reply. Service desk of the Jilin government cloud',
      },
    },
  ])
export const tellMailReceived = async (ctx: Ctx, { mailId, subject, fromName }: { mailId: string; subject: string; fromName: string }) => {
  await notify(ctx, {
    event: 'desk.mail-received',
    to: [{ role: 'SERVICE_DESK' }],
    params: { subject, from: fromName },
    link: '/duty/desk',
    dedupKey: `desk.mail-received:${mailId}`,
  })
}

/** What could not be read or is too large still comes in, so that somebody can call back. */
export type Incoming = ParsedLetter & { kind?: Extract<MailKind, 'TOO_LARGE' | 'UNREADABLE'> }

/** Keeps what is accepted as an attachment anywhere; the rest is named. */
async function keepAttachments(ctx: Ctx, mailId: string, letter: Incoming) {
  const fileIds: string[] = []
  const refused: string[] = []
  for (const { name, bytes } of letter.attachments) {
    if (bytes.length === 0 || acceptedMediaType(name, bytes.subarray(0, 4096)) === null) refused.push(name)
    else fileIds.push((await storeFile(ctx, [bytes], { name, purpose: 'desk-mail', owner: { type: 'desk-mail', id: mailId } })).id)
  }
  return { fileIds, refused }
}

/**
 * Takes a letter in, once. One that answers something known is written down there; everything else waits for a person of the desk. Nothing is ever
 * answered by the program, so no loop begins here. @returns whether it was new
 */
export async function takeLetter(ctx: Ctx, mailbox: IntakeRow, uid: number, letter: Incoming): Promise<boolean> {
  const id = newId()
  const before = await mailBefore(ctx.db, letter.references, signIn(letter.subject))
  const lately = await alikeSince(ctx.db, letter.fromAddress, letter.subject, ctx.now.subtract({ minutes: LOOP_MINUTES }))
  const kind = letter.kind ?? kindOf(letter, mailbox.settings?.address ?? '', lately)
  const [person] = letter.fromAddress ? await peopleWithEmail(ctx, letter.fromAddress) : []
  const number = numberIn(letter.subject)
  const isNew = await insertMail(ctx.db, {
    id,
    intake_id: mailbox.id,
    uid,
    message_key: letter.key,
    thread_id: before?.thread_id ?? id,
    kind,
    state: firstState(kind, before !== undefined || number !== null),
    from_address: letter.fromAddress,
    from_name: letter.fromName || letter.fromAddress,
    person_id: person?.id ?? null,
    tenant_id: person?.tenantId ?? null,
    subject: letter.subject,
    body: letter.body,
    size_bytes: letter.sizeBytes,
    sent_at: letter.sentAt ? Temporal.Instant.from(letter.sentAt) : null,
    received_at: ctx.now,
    file_ids: [],
    refused: [],
    incident_id: null,
    service_request_id: null,
    linked_no: null,
    answer: '',
    decided_by: null,
    decided_at: null,
  })
  if (!isNew) return false
  const { fileIds, refused } = await keepAttachments(ctx, id, letter)
  await updateMail(ctx.db, id, { file_ids: fileIds, refused })
  await ctx.record({ kind: 'desk.mail-taken', subject: { type: 'desk-mail', id }, data: { kind, sizeBytes: letter.sizeBytes } })
  if (kind === 'LETTER' && (await goesOn(ctx, id, letter, before, number, person))) return true
  const row = (await findMail(ctx.db, id)) as MailRow
  if (row.state === 'WAITING') await ctx.publish('desk.mail-received', { mailId: id, subject: row.subject, fromName: row.from_name })
  return true
}

async function goesOn(
  ctx: Ctx,
  id: string,
  letter: Incoming,
  before: MailRow | undefined,
  number: string | null,
  person: { id: string; tenantId: string | null } | undefined,
): Promise<boolean> {
  const matter = { incidentId: before?.incident_id ?? null, serviceRequestId: before?.service_request_id ?? null }
  // a sender is only believed where the thread began with them
  const sameSender = before !== undefined && before.from_address.toLowerCase() === letter.fromAddress.toLowerCase()
  if (!((sameSender && (matter.incidentId || matter.serviceRequestId)) || (number && person))) return false
  const replied = {
    ...(sameSender ? matter : { incidentId: null, serviceRequestId: null }),
    number,
    personId: sameSender ? (before?.person_id ?? person?.id ?? null) : (person?.id ?? null),
    tenantId: person?.tenantId ?? null,
    fromName: letter.fromName || letter.fromAddress,
    text: letter.body,
    kept: null as { incidentId: string | null; serviceRequestId: string | null; number: string } | null,
  }
  await ctx.publish('desk.mail-replied', replied)
  if (!replied.kept) return false
  const { incidentId, serviceRequestId, number: linkedNo } = replied.kept
  await updateMail(ctx.db, id, { state: 'LINKED', incident_id: incidentId, service_request_id: serviceRequestId, linked_no: linkedNo })
  return true
}

const toMail = async (ctx: Ctx, rows: readonly (MailRow & { earlier?: number })[]): Promise<DeskMail[]> => {
  const tenants = await tenantNames(ctx, [...new Set(rows.flatMap((row) => row.tenant_id ?? []))])
  const items: DeskMail[] = []
  for (const row of rows) {
    const files = []
    for (const fileId of row.file_ids) {
      const file = await fileInfo(ctx.db, fileId)
      if (file) files.push({ id: file.id, name: file.name })
    }
    items.push({
      id: row.id,
      kind: row.kind,
      state: row.state,
      fromAddress: row.from_address,
      fromName: row.from_name,
      tenantName: row.tenant_id ? (tenants.get(row.tenant_id) ?? null) : null,
      subject: row.subject,
      body: row.body,
      sizeBytes: row.size_bytes,
      receivedAt: row.received_at.toString(),
      files,
      refused: row.refused,
      incidentId: row.incident_id,
      serviceRequestId: row.service_request_id,
      linkedNo: row.linked_no,
      answer: row.answer,
      decidedBy: row.decided_by,
      earlier: row.earlier ?? 0,
    })
  }
  return items
}
export async function listMailPage(ctx: Ctx, { q, state, kind, after, limit }: Input<Api['mails']>): Promise<Reply<Api['mails']>> {
  const rows = await listMails(ctx.db, { q: q?.trim() || undefined, state, kind }, readCursor(after), limit)
  const { items, next } = pageOf(rows, limit, (row) => [row.received_at.toString(), row.id])
  return { items: await toMail(ctx, items), next }
}
/** Attachments are seen by whoever reads the desk's letters. */
export const maySeeMail = async (ctx: Ctx, id: string): Promise<boolean> =>
  (actorCan(ctx.actor, 'hotline.record', 'C') || actorCan(ctx.actor, 'hotline.record', 'R')) && (await findMail(ctx.db, id)) !== undefined

async function waiting(ctx: Ctx, id: string): Promise<MailRow> {
  const row = (await lockMail(ctx.db, id)) ?? fail(commonProblems.notFound)
  return row.state === 'WAITING' ? row : fail(problems.taken, { by: row.decided_by ?? '' })
}
async function settle(ctx: Ctx, row: MailRow, kind: string, change: Partial<MailRow>): Promise<DeskMail> {
  const after = await updateMail(ctx.db, row.id, { ...change, decided_by: ctx.actor.name, decided_at: ctx.now })
  await ctx.record({ kind: `desk.mail-${kind}`, subject: { type: 'desk-mail', id: row.id }, data: { linkedNo: after.linked_no } })
  const [mail] = await toMail(ctx, [after])
  return mail as DeskMail
}

/** The clock of the incident begins when the letter came in, not when somebody read it. */
export async function mailToIncident(
  ctx: Ctx,
  { mailId, title, criteria }: Input<Api['mailToIncident']>,
): Promise<Reply<Api['mailToIncident']>> {
  const row = await waiting(ctx, mailId)
  if (criteria.length === 0) fail(problems.criteria)
  const event = {
    title,
    symptom: `${row.subject}\n${row.body}`.slice(0, 4000),
    criteria,
    source: 'PORTAL' as const,
    tenantId: row.tenant_id,
    applicationId: null,
    reporterId: row.person_id,
    reporterName: row.from_name.slice(0, 60) || row.from_address.slice(0, 60),
    reporterPhone: '',
    reportedAt: row.received_at,
    answeredAt: null,
    opened: null as { id: string; number: string } | null,
  }
  await ctx.publish('desk.fault-called', event)
  if (!event.opened) throw new Error('nobody opened an incident for a letter')
  return settle(ctx, row, 'linked', { state: 'LINKED', incident_id: event.opened.id, linked_no: event.opened.number })
}
export async function mailToRequest(ctx: Ctx, { mailId, code }: Input<Api['mailToRequest']>): Promise<Reply<Api['mailToRequest']>> {
  const row = await waiting(ctx, mailId)
  const event = {
    code,
    text: `${row.subject}\n${row.body}`.slice(0, 4000),
    contact: `${row.from_name} ${row.from_address}`.slice(0, 100),
    tenantId: row.tenant_id,
    requester: row.person_id ? { id: row.person_id, name: row.from_name } : { id: personOf(ctx.actor), name: ctx.actor.name },
    source: 'MAIL' as const,
    opened: null as { id: string; number: string } | null,
  }
  await ctx.publish('desk.request-called', event)
  if (!event.opened) throw new Error('nobody opened a service request for a letter')
  return settle(ctx, row, 'linked', { state: 'LINKED', service_request_id: event.opened.id, linked_no: event.opened.number })
}
export async function answerMail(ctx: Ctx, { mailId, text, byMail }: Input<Api['answerMail']>): Promise<Reply<Api['answerMail']>> {
  const row = await waiting(ctx, mailId)
  // a machine is never written to: what answers it may answer back
  const writable = row.kind === 'LETTER' && row.from_address !== ''
  const params = { subject: row.subject, text, sign: signOf(row.id) }
  const mail = { event: 'desk.mail-answer', email: row.from_address, locale: ctx.locale, params }
  if (byMail && !(writable && (await mailOutsider(ctx, mail)))) fail(problems.noMail)
  return settle(ctx, row, 'answered', { state: 'ANSWERED', answer: text })
}
export async function setMailAside(ctx: Ctx, { mailId, reason }: Input<Api['setMailAside']>): Promise<Reply<Api['setMailAside']>> {
  return settle(ctx, await waiting(ctx, mailId), 'set-aside', { state: 'SET_ASIDE', answer: reason })
}
