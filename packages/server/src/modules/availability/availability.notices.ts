import type { Application } from '@changbai/contract/inventory.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { SHANGHAI } from '../../platform/time.ts'
import { type Addressee, type NoticeKind, notify, registerNotices } from '../notification/index.ts'
import type { DowntimeRecord } from './downtime.store.ts'

const words = ['application', 'month', 'percent', 'from', 'to', 'reason', 'party'] as const
const kind = (event: string, urgency: NoticeKind['urgency'], zh: [string, string], en: [string, string]): NoticeKind => ({
  event,
  topic: 'incident',
  urgency,
  placeholders: words,
  zh: { title: zh[0], body: zh[1] },
  en: { title: en[0], body: en[1] },
})

export const registerAvailabilityNotices = (): void =>
  registerNotices([
    kind(
      'availability.sealed',
      'NORMAL',
      ['请确认 {month} 测量结果：{application}', '“{application}” {month} 的运行与中断数字已封存，请查看并确认；逾期不视为确认。'],
      [
        'Confirm {month}: {application}',
        'The figures of “{application}” for {month} are sealed. Please look and answer; silence is no confirmation.',
      ],
    ),
    kind(
      'availability.amended',
      'HIGH',
      ['{month} 测量结果有更正：{application}', '“{application}” {month} 的数字有更正，新旧两值并列，请重新确认。'],
      [
        '{month} amended: {application}',
        'The figures of “{application}” for {month} were amended; old and new stand side by side. Please answer again.',
      ],
    ),
    kind(
      'availability.unanswered',
      'HIGH',
      ['{month} 测量结果待你确认：{application}', '“{application}” {month} 的测量结果封存已过 5 个工作日，你方尚未答复；逾期不视为确认。'],
      [
        '{month} awaits your answer: {application}',
        'The figures of “{application}” for {month} were sealed five working days ago and your side has not answered.',
      ],
    ),
    kind(
      'availability.objected',
      'HIGH',
      ['{party}不认可 {month} 测量结果：{application}', '“{application}” {month}：{reason}'],
      ['{party} objects to {month}: {application}', '“{application}”, {month}: {reason}'],
    ),
    kind(
      'availability.budget',
      'HIGH',
      ['年度失效预算已用 {percent}%：{application}', '“{application}”本年计入的中断已达预算（31,536 秒）的 {percent}%。'],
      [
        '{percent} % of the year’s budget used: {application}',
        'What counts against “{application}” this year has reached {percent} % of 31,536 s.',
      ],
    ),
    kind(
      'downtime.noticed',
      'NORMAL',
      ['计划停机通知：{application}', '{from} 至 {to} 计划停机（{reason}），影响“{application}”；待甲方认定。'],
      [
        'Planned downtime: {application}',
        'From {from} to {to} ({reason}) “{application}” is affected; the customer has yet to recognise it.',
      ],
    ),
    kind(
      'downtime.recognised',
      'NORMAL',
      ['计划停机已认定：{application}', '{from} 至 {to} 的停机已由甲方认定，影响“{application}”。'],
      ['Planned downtime recognised: {application}', 'The customer recognised the downtime from {from} to {to} of “{application}”.'],
    ),
    kind(
      'downtime.refused',
      'HIGH',
      ['计划停机未获认定：{application}', '{from} 至 {to} 的停机未获甲方认定，如仍停机将计入中断。'],
      [
        'Planned downtime not recognised: {application}',
        'The customer did not recognise the downtime from {from} to {to}; if it takes place it counts as outage.',
      ],
    ),
  ])

const place = ({ tenantId, id }: Application) => ({ tenantId, applicationId: id })
const linkTo = (application: Application, month: string) => `/proof/availability/${application.id}?year=${month.slice(0, 4)}`

export async function tellSealed(ctx: Ctx, application: Application, month: string, isAmendment: boolean, seal: number): Promise<void> {
  await notify(ctx, {
    event: isAmendment ? 'availability.amended' : 'availability.sealed',
    to: [{ role: 'CUSTOMER_OM_MANAGER' }, { role: 'THIRD_PARTY' }],
    params: { application: application.name, month },
    link: linkTo(application, month),
    tenantId: application.tenantId,
    dedupKey: `availability.sealed:${application.id}:${seal}`,
  })
}

export async function tellUnanswered(ctx: Ctx, application: Application, month: string, party: string, seal: number): Promise<void> {
  await notify(ctx, {
    event: 'availability.unanswered',
    to: { role: party === 'CUSTOMER' ? 'CUSTOMER_OM_MANAGER' : 'THIRD_PARTY' },
    params: { application: application.name, month },
    link: linkTo(application, month),
    tenantId: application.tenantId,
    dedupKey: `availability.unanswered:${application.id}:${seal}:${party}`,
  })
}

export async function tellObjected(ctx: Ctx, application: Application, month: string, party: string, reason: string): Promise<void> {
  await notify(ctx, {
    event: 'availability.objected',
    to: [{ role: 'OPERATION_MANAGER' }, { role: 'MAINTENANCE_MANAGER' }],
    params: { application: application.name, month, party: party === 'CUSTOMER' ? '甲方' : '第三方', reason },
    link: linkTo(application, month),
    tenantId: application.tenantId,
  })
}

/** Once a year and level. */
export async function tellBudget(ctx: Ctx, application: Application, year: number, percent: number): Promise<void> {
  await notify(ctx, {
    event: 'availability.budget',
    to: [{ role: 'MAINTENANCE_MANAGER' }, { role: 'OPERATION_MANAGER' }, { role: 'APP_PROJECT_MANAGER', ...place(application) }],
    params: { application: application.name, percent },
    urgency: percent >= 90 ? 'CRITICAL' : 'HIGH',
    link: linkTo(application, String(year)),
    tenantId: application.tenantId,
    dedupKey: `availability.budget:${application.id}:${year}:${percent}`,
  })
}

const wordsOf = (row: DowntimeRecord, applications: ReadonlyMap<string, Application>) => ({
  application: row.application_ids.map((id) => applications.get(id)?.name ?? id).join('、'),
  from: row.planned_from,
  to: row.planned_to,
  reason: row.reason,
})
const linkOf = (row: DowntimeRecord) => `/proof/downtimes?year=${row.planned_from.toZonedDateTimeISO(SHANGHAI).year}`
const managersOf = (applications: ReadonlyMap<string, Application>): Addressee[] =>
  [...applications.values()].map((application) => ({ role: 'APP_PROJECT_MANAGER' as const, ...place(application) }))

export async function tellNoticed(ctx: Ctx, row: DowntimeRecord, applications: ReadonlyMap<string, Application>): Promise<void> {
  await notify(ctx, {
    event: 'downtime.noticed',
    to: [{ role: 'CUSTOMER_OM_MANAGER' }, ...managersOf(applications)],
    params: wordsOf(row, applications),
    link: linkOf(row),
  })
}

export async function tellDecided(ctx: Ctx, row: DowntimeRecord, applications: ReadonlyMap<string, Application>): Promise<void> {
  await notify(ctx, {
    event: row.recognised ? 'downtime.recognised' : 'downtime.refused',
    to: [{ role: 'OPERATION_MANAGER' }, { role: 'MAINTENANCE_MANAGER' }, ...managersOf(applications)],
    params: wordsOf(row, applications),
    link: linkOf(row),
  })
}
