import { type HandlingPlan, incidentApi } from '@changbai/contract/incident.ts'
import { type Client, startTestServer } from '../../../test/harness.ts'
import { createTenant } from '../identity/index.ts'

export const refusal = (answer: { problem: { type: string } }) => answer.problem.type.split(':').at(-1)
export const iso = (text: string) => Temporal.Instant.from(`${text}+08:00`).toString()
export const plan = (etaResolve: string, commsPlan = '每三十分钟通报'): HandlingPlan => ({
  hypothesis: '数据库主机宕机',
  impact: '门户不可用',
  steps: [{ seq: 1, action: '切换备机', owner: '马骏', eta: null }],
  vendorSupport: '',
  etaResolve,
  rollbackPlan: '切回主机',
  workaround: '',
  commsPlan,
})
export const respond = (client: Client, incidentId: string) =>
  client.call(incidentApi.respond, { incidentId, channel: 'PHONE', note: '已电话联系' })

/** A server with everybody an incident meets: a project manager and a stranger of another bureau, those on duty, their managers, the customer. */
export async function openIncidentWorld(now: string) {
  const t = await startTestServer({ now })
  const [tenantId = '', otherId = ''] = await t.inTx(async (ctx) => [
    (await createTenant(ctx, { code: 'LC', name: '吉林省林业和草原局', shortName: '省林草局' })).id,
    (await createTenant(ctx, { code: 'RS', name: '吉林省人力资源和社会保障厅', shortName: '省人社厅' })).id,
  ])
  const mm = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' })
  const read = (incidentId: string, client = mm) => client.call(incidentApi.get, { incidentId })
  return {
    t,
    tenantId,
    pm: await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, name: '杨帆' }),
    stranger: await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: otherId, name: '李佳琪' }),
    engineer: await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '马骏' }),
    second: await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '王磊' }),
    desk: await t.signedIn({ role: 'SERVICE_DESK', name: '王雨桐' }),
    mm,
    leader: await t.signedIn({ role: 'PROVIDER_LEADER', name: '冯志远' }),
    cm: await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' }),
    report: (client: Client, change: object = {}) =>
      client.call(incidentApi.report, {
        title: '门户无法访问',
        symptom: '打开首页超时',
        criteria: ['BUSINESS_DOWN'],
        tenantId,
        reporterName: '杨帆',
        reporterPhone: '13900001111',
        ...change,
      }),
    read,
    states: async (incidentId: string) => (await read(incidentId)).clocks.map(({ clock, state }) => `${clock} ${state}`),
  }
}
