import { notify, registerNotices } from '../modules/notification/index.ts'
import { deployShipped } from '../modules/process/index.ts'
import type { Reaction } from '../platform/door.ts'
import { accessNotices } from './notices-access.ts'
import { inventoryNotices } from './notices-inventory.ts'

/** What modules below notification have people told; their wording and who hears it. */
export const registerOwnNotices = (): void =>
  registerNotices([
    ...accessNotices,
    ...inventoryNotices,
    {
      event: 'calendar.year-missing',
      topic: 'system',
      urgency: 'NORMAL',
      placeholders: ['year'],
      zh: {
        title: '请录入 {year} 年工作日历',
        body: '{year} 年的放假安排尚未录入，跨入该年的时限都是暂定的。国务院办公厅通知公布后，请在“方案 - 日历”中录入，并由另一人复核。',
      },
      en: {
        title: 'Enter the calendar of {year}',
        body: 'The holidays of {year} are not entered yet, so limits that reach into it are provisional. Once the notice is out, enter it under Plan - Calendar; a second person must agree.',
      },
    },
    {
      event: 'cloud.strays-found',
      topic: 'system',
      urgency: 'NORMAL',
      placeholders: ['cloud', 'count', 'keys'],
      zh: {
        title: '{cloud}：发现 {count} 项不应存在的云资源',
        body: '云上有带本平台标记、登记里却没有的资源：{keys}。登记为已撤除的会在等待期后自动撤除，其余请核对。',
      },
      en: {
        title: '{cloud}: {count} resources that should not be there',
        body: 'The cloud holds resources with our mark that the register does not know: {keys}. Those registered as removed are taken down after a while; check the rest.',
      },
    },
    {
      event: 'plan.changed',
      topic: 'system',
      urgency: 'NORMAL',
      placeholders: ['key', 'startsOn', 'by'],
      zh: { title: '参数变更：{key}', body: '方案参数“{key}”的新值自 {startsOn} 起生效，已由 {by} 批准。正在计时的时限不变。' },
      en: {
        title: 'Parameter changed: {key}',
        body: 'The new value of “{key}” holds from {startsOn}; approved by {by}. Running limits keep theirs.',
      },
    },
    {
      event: 'plan.proposed',
      topic: 'system',
      urgency: 'NORMAL',
      placeholders: ['differences'],
      zh: {
        title: '方案文件有新版本，与现行方案有 {differences} 处不同',
        body: '升级带来的方案与现行方案不同。在两人采用之前一切照旧；请逐项查看，定生效日后采用，或写明理由不采用。',
      },
      en: {
        title: 'A new version of the plan file differs in {differences} entries',
        body: 'The plan that came with an upgrade differs from the one in force. Nothing changes until two people adopt it from a day, or decline it.',
      },
    },
    {
      event: 'plan.adopted',
      topic: 'system',
      urgency: 'NORMAL',
      placeholders: ['version'],
      zh: { title: '方案第 {version} 版今日起生效', body: '新版条款、参数、角色与流程自今日起执行；正在计时的时限和进行中的流程不变。' },
      en: {
        title: 'Version {version} of the plan is in force',
        body: 'Its clauses, parameters, roles and processes hold from today; limits and processes that run already are not touched.',
      },
    },
  ])

const planPeople = [{ role: 'OPERATION_MANAGER' }, { role: 'MAINTENANCE_MANAGER' }, { role: 'CUSTOMER_OM_MANAGER' }] as const
export const tellPlanProposed: Reaction<'plan.proposed'> = async (ctx, { differences }) => {
  await notify(ctx, { event: 'plan.proposed', to: [...planPeople], params: { differences }, link: '/plan/proposals' })
}
/** The processes of an adopted plan are deployed in the same transaction as the plan itself. */
export const carryOutAdopted: Reaction<'plan.adopted'> = async (ctx, { version, processes }) => {
  await deployShipped(ctx, processes)
  await notify(ctx, { event: 'plan.adopted', to: [...planPeople], params: { version }, link: '/plan/overview' })
}

export const tellPlanChanged: Reaction<'plan.changed'> = async (ctx, { key, startsOn }) => {
  await notify(ctx, {
    event: 'plan.changed',
    to: [{ role: 'OPERATION_MANAGER' }, { role: 'MAINTENANCE_MANAGER' }, { role: 'CUSTOMER_OM_MANAGER' }],
    except: ctx.actor.personId ? [ctx.actor.personId] : [],
    params: { key, startsOn, by: ctx.actor.name },
    link: `/plan/parameters/${encodeURIComponent(key)}`,
  })
}

export const tellYearMissing: Reaction<'calendar.year-missing'> = async (ctx, { year, week }) => {
  await notify(ctx, {
    event: 'calendar.year-missing',
    to: [{ role: 'IAAS_ADMIN' }, { role: 'OPERATION_MANAGER' }],
    params: { year: String(year) },
    link: '/plan/calendar',
    dedupKey: `calendar.year-missing:${year}:${week}`,
  })
}

/** Keys named in one notice; the list of the cloud names all. */
const KEYS_NAMED = 5

export const tellStraysFound: Reaction<'cloud.strays-found'> = async (ctx, { connectionId, cloud, strays }) => {
  const keys = strays.slice(0, KEYS_NAMED).map((one) => `${one.kind} ${one.key}`)
  await notify(ctx, {
    event: 'cloud.strays-found',
    to: [{ role: 'IAAS_ADMIN' }],
    params: { cloud, count: String(strays.length), keys: keys.join('、') },
    link: '/cloud/resources',
    dedupKey: `cloud.strays-found:${connectionId}:${strays.map((one) => one.externalId).join()}`.slice(0, 200),
  })
}
