import { type NoticeKind, notify } from '../modules/notification/index.ts'
import type { Reaction } from '../platform/door.ts'

/** Differences between cloud and records: who hears of them, and in which words. */
export const inventoryNotices: readonly NoticeKind[] = [
  {
    event: 'inventory.drift-found',
    topic: 'system',
    urgency: 'NORMAL',
    placeholders: ['cloud', 'count'],
    zh: {
      title: '{cloud}：新发现 {count} 项云与台账的差异',
      body: '读取 {cloud} 时发现 {count} 项与台账不一致，请逐项处理：收入台账、更正台账、转变更或报无单变更。',
    },
    en: {
      title: '{cloud}: {count} new differences from the records',
      body: 'Reading {cloud} found {count} things that differ from the records. Decide each: record it, correct the record, open a change, or report it.',
    },
  },
  {
    event: 'inventory.change-without-ticket',
    topic: 'system',
    urgency: 'HIGH',
    placeholders: ['name', 'by'],
    zh: { title: '无单变更：{name}', body: '“{name}”在云上被改动而没有工单，由 {by} 上报。请查明原因，再决定更正台账、转变更或保持现状。' },
    en: {
      title: 'Change without a ticket: {name}',
      body: '“{name}” was changed in the cloud without a ticket; reported by {by}. Find out why, then correct the record, open a change or keep it so.',
    },
  },
  {
    event: 'inventory.drift-change-asked',
    topic: 'system',
    urgency: 'NORMAL',
    placeholders: ['name', 'comment'],
    zh: { title: '差异转变更：{name}', body: '“{name}”的云上现状须改回与台账一致，请提交变更。理由：{comment}' },
    en: {
      title: 'A difference needs a change: {name}',
      body: '“{name}” shall be brought back to what is recorded; please submit a change. Reason: {comment}',
    },
  },
  {
    event: 'adoption.proposed',
    topic: 'system',
    urgency: 'NORMAL',
    placeholders: ['number', 'application', 'things'],
    zh: {
      title: '请确认接管：{application}',
      body: '{number} 提出把云上已有的 {things} 项资源记到“{application}”名下。请核对，不属于本单位的逐项指出；确认之后才开始记录。',
    },
    en: {
      title: 'Please confirm: {application}',
      body: '{number} proposes to record {things} things that run in the cloud as “{application}”. Check them and name what is not yours; recording begins when you confirm.',
    },
  },
  {
    event: 'adoption.confirmed',
    topic: 'system',
    urgency: 'NORMAL',
    placeholders: ['number', 'application'],
    zh: { title: '接管已确认：{application}', body: '{number} 已由单位确认，资源已入台账，记录从此刻开始。请补充监控与可用性测量。' },
    en: {
      title: 'Taken over: {application}',
      body: '{number} is confirmed and its things are on record from now on. Add monitoring and the measurement of availability.',
    },
  },
  {
    event: 'adoption.returned',
    topic: 'system',
    urgency: 'NORMAL',
    placeholders: ['number', 'application'],
    zh: { title: '接管被退回：{application}', body: '{number} 由单位退回，资源回到待接管清单，请按退回理由另行提出。' },
    en: {
      title: 'Returned: {application}',
      body: '{number} was returned by the bureau; its things wait again. Propose them anew as the reason says.',
    },
  },
]

export const tellAdoptionProposed: Reaction<'adoption.proposed'> = async (ctx, { adoptionId, number, tenantId, application, things }) => {
  await notify(ctx, {
    event: 'adoption.proposed',
    to: { role: 'APP_PROJECT_MANAGER', tenantId },
    params: { number, application, things: String(things) },
    link: `/cloud/adoptions/${adoptionId}`,
  })
}
export const tellAdoptionDecided: Reaction<'adoption.decided'> = async (ctx, { adoptionId, number, proposedBy, application, state }) => {
  await notify(ctx, {
    event: state === 'CONFIRMED' ? 'adoption.confirmed' : 'adoption.returned',
    to: { personIds: [proposedBy] },
    params: { number, application },
    link: `/cloud/adoptions/${adoptionId}`,
  })
}

export const tellDriftFound: Reaction<'inventory.drift-found'> = async (ctx, { cloud, count, readingId }) => {
  await notify(ctx, {
    event: 'inventory.drift-found',
    to: [{ role: 'IAAS_ADMIN' }],
    params: { cloud, count: String(count) },
    link: '/cloud/drift',
    dedupKey: `inventory.drift-found:${readingId}`,
  })
}
export const tellUnticketed: Reaction<'inventory.change-without-ticket'> = async (ctx, { driftId, name, by }) => {
  await notify(ctx, {
    event: 'inventory.change-without-ticket',
    to: [{ role: 'MAINTENANCE_MANAGER' }, { role: 'IAAS_ADMIN' }],
    except: ctx.actor.personId ? [ctx.actor.personId] : [],
    params: { name, by },
    link: '/cloud/drift',
    dedupKey: `inventory.change-without-ticket:${driftId}`,
  })
}
export const tellChangeAsked: Reaction<'inventory.drift-change-asked'> = async (ctx, { driftId, name, comment }) => {
  await notify(ctx, {
    event: 'inventory.drift-change-asked',
    to: [{ role: 'MAINTENANCE_MANAGER' }, { role: 'OPERATION_TECHNICIAN' }],
    params: { name, comment },
    link: '/cloud/drift',
    dedupKey: `inventory.drift-change-asked:${driftId}`,
  })
}
