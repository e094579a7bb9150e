import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ChangedAttr, changeApi } from '@changbai/contract/change.ts'
import { processApi } from '@changbai/contract/process.ts'
import { type ReclaimMetric, reclaimApi } from '@changbai/contract/reclaim.ts'
import { sql } from 'kysely'
import { type Client, startTestServer, type TestServer } from '../../../test/harness.ts'
import { placeSimulated } from '../cloud/index.ts'
import { createTenant } from '../identity/index.ts'
import { addApplication, commitCapacity, recordServer, recordVolume, reserveCapacity } from '../inventory/index.ts'
import { drainDueJobs, openTasksOf, workDueJobs } from '../process/index.ts'
import { keepMeasurements } from './measure.service.ts'

/** Five-minute values of a real series, in order. */
export const realSeries = (name: string): number[] =>
  readFileSync(join(import.meta.dirname, 'test-data', `${name}.txt`), 'utf8')
    .trim()
    .split(/[\n,]/)
    .map(Number)

export interface ReclaimWorld {
  t: TestServer
  tenantId: string
  applicationId: string
  people: Record<'pm' | 'om' | 'second' | 'ot' | 'me' | 'mm' | 'cm' | 'stranger', Client>
  /** A server of the application, four months old, in the simulated cloud unless said otherwise. */
  server(name: string, more?: { vcpu?: number; memGiB?: number; kind?: 'vm' | 'baremetal'; cloudless?: boolean }): Promise<string>
  volume(name: string, gib: number, serverId?: string | null): Promise<string>
  /** Thirty days up to yesterday (or so many), the values over and over. */
  measure(
    itemId: string,
    metric: ReclaimMetric,
    values: readonly number[],
    more?: { days?: number; without?: (on: string) => boolean; everyMinutes?: number },
  ): Promise<void>
  /** All five measures low, so that a report is complete. */
  idle(itemId: string): Promise<void>
  start(subject: 'SERVER' | 'CLUSTER' | 'VOLUME', itemId: string, more?: { who?: Client; source?: 'RULE' | 'OWNER' }): Promise<string>
  act(caseId: string, node: string, who: Client, outcome: string, data?: Record<string, unknown>): Promise<unknown>
  steps(caseId: string): Promise<string[]>
  /** A change of one thing by its own process, up to its record or, `approved`, only up to where it may begin. @returns its number */
  change(ciId: string, values: Partial<Record<ChangedAttr, string>>, upTo?: 'approved' | 'recorded'): Promise<string>
  settle(): Promise<void>
  get(caseId: string, who?: Client): ReturnType<typeof read>
}
const read = (who: Client, caseId: string) => who.call(reclaimApi.get, { caseId })

const DAY_MS = 86_400_000

export async function openReclaimWorld(now = '2026-09-18T10:00'): Promise<ReclaimWorld> {
  const t = await startTestServer({ now: '2026-05-01T09:00' })
  const { tenantId, otherId, applicationId } = await t.inTx(async (ctx) => {
    const one = await createTenant(ctx, { code: 'LC', name: '吉林省林业和草原局', shortName: '省林草局' })
    const other = await createTenant(ctx, { code: 'RS', name: '吉林省人力资源和社会保障厅', shortName: '省人社厅' })
    const application = await addApplication(ctx, { tenantId: one.id, name: '森林防火监测', code: 'FIRE', mlpsLevel: 2 }, 'ADMISSION')
    await sql`insert into pool (id, name, code, zone, vcpu, mem_gib, storage_gib, public_addresses, baremetal, created_at, updated_at)
      values ('0198f0a0-0000-7000-8000-0000000000aa', '测试池', 'P1', 'internet', 1000, 4000, 100000, 10, 4, ${ctx.now}, ${ctx.now})`.execute(
      ctx.db,
    )
    const holder = { type: 'application', id: application.id }
    await reserveCapacity(ctx, { holder, label: application.name, amounts: { vcpu: 100, memGiB: 400, storageGiB: 5000 } })
    await commitCapacity(ctx, holder)
    return { tenantId: one.id, otherId: other.id, applicationId: application.id }
  })
  const made = t.now()
  t.setNow(now)
  const people = {
    pm: await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId, name: '杨帆' }),
    om: await t.signedIn({ role: 'OPERATION_MANAGER', name: '周敏' }),
    second: await t.signedIn({ role: 'OPERATION_MANAGER', name: '林晓东' }),
    ot: await t.signedIn({ role: 'OPERATION_TECHNICIAN', name: '徐然' }),
    me: await t.signedIn({ role: 'MAINTENANCE_ENGINEER', name: '马骏' }),
    mm: await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' }),
    cm: await t.signedIn({ role: 'CUSTOMER_OM_MANAGER', name: '韩雪峰' }),
    stranger: await t.signedIn({ role: 'APP_PROJECT_MANAGER', tenantId: otherId, name: '李佳琪' }),
  }
  const steps = (caseId: string) => t.inTx(async (ctx) => (await openTasksOf(ctx, caseId)).map((task) => task.node).sort())
  const measure: ReclaimWorld['measure'] = (itemId, metric, values, { days = 30, without, everyMinutes = 5 } = {}) =>
    t.inTx(async (ctx) => {
      const end = Date.parse(`${t.now().toZonedDateTimeISO('Asia/Shanghai').toPlainDate().toString()}T00:00:00+08:00`)
      const stepMs = everyMinutes * 60_000
      const samples = Array.from({ length: (days * DAY_MS) / stepMs }, (_, index) => ({
        atMs: end - days * DAY_MS + index * stepMs,
        value: values[index % values.length] as number,
      }))
      const kept = without ? samples.filter(({ atMs }) => !without(new Date(atMs + 8 * 3_600_000).toISOString().slice(0, 10))) : samples
      await keepMeasurements(ctx, { itemId, metric, source: 'MONITOR' }, kept)
    })
  const act: ReclaimWorld['act'] = async (id, node, who, outcome, data = {}) => {
    const task = (await t.inTx((ctx) => openTasksOf(ctx, id))).find((one) => one.node === node)
    if (!task) throw new Error(`${node} is not open; open are ${await steps(id)}`)
    return who.call(processApi.complete, { taskId: task.id, outcome, data })
  }
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 20; round += 1) {
      await drainDueJobs(t.server.runtime)
      t.advance('PT4S')
      if ((await workDueJobs(t.server.runtime)) === 0 && round > 3) break
    }
  }
  return {
    t,
    tenantId,
    applicationId,
    people,
    steps,
    measure,
    act,
    settle,
    async change(ciId, values, upTo = 'recorded') {
      const { id, number, rev, form } = await people.pm.call(changeApi.start, { ciIds: [ciId] })
      const items = Object.entries(values).map(([attr, to]) => ({ ciId, attr: attr as ChangedAttr, to }))
      const written = {
        ...form,
        title: '回收替换',
        items,
        reason: 'RECLAIM' as const,
        reasonText: '按评估换小',
        windowFrom: t
          .now()
          .add({ hours: upTo === 'approved' ? 2 : 0 })
          .toString(),
        windowTo: t.now().add({ hours: 96 }).toString(),
        steps: [{ action: '换小', owner: '徐然', minutes: 20 }],
        rollbackPlan: '改回',
        verifyPlan: '打开首页',
      }
      const saved = await people.pm.call(changeApi.save, { changeId: id, rev, form: written })
      await people.pm.call(changeApi.submit, { changeId: id, rev: saved.rev })
      await act(id, 'acceptChange', people.om, 'ACCEPT')
      await act(id, 'assessImpact', people.mm, 'SUPPORT', { risk: 'L' })
      await act(id, 'approveNormal', people.second, 'APPROVE')
      if (upTo === 'approved') return number
      await settle()
      if ((await steps(id)).includes('implementByHand')) await act(id, 'implementByHand', people.ot, 'DONE', { evidence: '已换新卷并比对' })
      await act(id, 'verifyChange', people.pm, 'PASSED')
      await settle()
      return number
    },
    server: (name, { vcpu = 4, memGiB = 8, kind = 'vm', cloudless = false } = {}) =>
      t.inTx(async (ctx) => {
        const old = { ...ctx, now: made }
        const place = kind === 'vm' && !cloudless ? await placeSimulated(old, { kind: 'server', name, vcpu, memGiB }) : null
        const source = { type: 'test', id: name }
        return (await recordServer(old, { source, kind, name, tenantId, applicationId, vcpu, memGiB, rootGiB: 40, ...place })).id
      }),
    volume: (name, gib, serverId = null) =>
      t.inTx(async (ctx) => {
        const old = { ...ctx, now: made }
        const place = await placeSimulated(old, { kind: 'volume', name, gib })
        return (
          await recordVolume(old, {
            source: { type: 'test', id: name },
            kind: 'block',
            name,
            tenantId,
            applicationId,
            gib,
            tier: 'SSD',
            serverId,
            ...place,
          })
        ).id
      }),
    async idle(itemId) {
      await measure(itemId, 'cpu', realSeries('cpu-idle'))
      for (const [metric, value] of [
        ['memory', 12],
        ['netIn', 900],
        ['netOut', 800],
        ['diskRead', 3],
        ['diskWrite', 5],
        ['connections', 0],
      ] as const)
        await measure(itemId, metric, [value])
    },
    async start(subject, itemId, { who = people.om, source = 'RULE' } = {}) {
      return (await who.call(reclaimApi.start, { subject, itemId, source })).id
    },
    get: (caseId, who = people.om) => read(who, caseId),
  }
}

export const written = {
  gapReason: '业务已迁至新系统，原服务器不再承载请求',
  recommendation: 'RELEASE',
  recommendationText: '经应用方确认后释放',
}
