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
]

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
