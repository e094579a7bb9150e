import type { Reaction } from '../../platform/door.ts'
import { type NoticeKind, notify, registerNotices } from '../notification/index.ts'
import { answersFromText } from './catalogue.domain.ts'
import { addService, catalogueNow, tell } from './service.service.ts'
import { findService, findServiceByNumber, serviceEvents } from './service.store.ts'

const kind = (event: string, zh: [string, string], en: [string, string], more: string[] = []): NoticeKind => ({
  event,
  topic: 'task',
  urgency: 'NORMAL',
  placeholders: ['number', 'title', ...more],
  zh: { title: zh[0], body: zh[1] },
  en: { title: en[0], body: en[1] },
})
export const registerServiceNotices = (): void =>
  registerNotices([
    kind(
      'service.declined',
      ['服务请求未受理：{title}', '{number}“{title}”未受理。原因：{reason}'],
      ['Not accepted: {title}', '{number} “{title}” was not accepted. Reason: {reason}'],
      ['reason'],
    ),
    kind(
      'service.closed',
      ['服务请求已办结：{title}', '{number}“{title}”已办结，请评价本次服务。'],
      ['Closed: {title}', '{number} “{title}” is closed. Please rate how it was handled.'],
    ),
  ])

export const tellServiceDeclined: Reaction<'service.declined'> = async (ctx, { requestId }) => {
  const row = await findService(ctx.db, requestId)
  if (!row) return
  const reason = (await serviceEvents(ctx.db, requestId)).findLast((one) => one.kind === 'REFUSED')?.text ?? ''
  await notify(ctx, {
    event: 'service.declined',
    to: { personIds: [row.requester_id] },
    params: { number: row.number, title: row.title, reason },
    link: `/work/services/${row.id}`,
    tenantId: row.tenant_id,
  })
}
export const tellServiceClosed: Reaction<'service.closed'> = async (ctx, { requestId }) => {
  const row = await findService(ctx.db, requestId)
  if (!row) return
  await notify(ctx, {
    event: 'service.closed',
    to: { personIds: [row.requester_id] },
    params: { number: row.number, title: row.title },
    link: `/work/services/${row.id}`,
    tenantId: row.tenant_id,
  })
}

const TITLE_MAX = 60
/** What somebody asked by telephone or letter, under the line of the catalogue the desk chose; for people without an account the desk asks. */
export const openRequestFromDesk: Reaction<'desk.request-called'> = async (ctx, asked) => {
  const item = catalogueNow(ctx).find((one) => one.code === asked.code) ?? catalogueNow(ctx)[0]
  if (!item) throw new Error('the catalogue of services is empty')
  const row = await addService(ctx, {
    item,
    title: asked.text.split('\n')[0]?.slice(0, TITLE_MAX) ?? item.zh,
    answers: answersFromText(item, asked.text),
    contact: asked.contact,
    tenantId: asked.tenantId,
    applicationId: null,
    requester: asked.requester,
    source: asked.source,
  })
  asked.opened = { id: row.id, number: row.number }
}

/** What whoever asked writes afterwards is a note of the request; one that is closed is not written on. */
export const keepServiceReply: Reaction<'desk.mail-replied'> = async (ctx, mail) => {
  const row = mail.serviceRequestId
    ? await findService(ctx.db, mail.serviceRequestId)
    : mail.number?.startsWith('FW-')
      ? await findServiceByNumber(ctx.db, mail.number)
      : undefined
  if (!row || mail.kept || !['SUBMITTED', 'IN_PROGRESS', 'DONE'].includes(row.state)) return
  const theirs =
    row.id === mail.serviceRequestId || row.requester_id === mail.personId || (mail.tenantId !== null && row.tenant_id === mail.tenantId)
  if (!theirs) return
  await tell(ctx, row, 'NOTE', `${mail.fromName} 来信：${mail.text}`.slice(0, 4000))
  mail.kept = { incidentId: null, serviceRequestId: row.id, number: row.number }
}
