import type { Role } from '@changbai/contract/capability.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { completeTask, openTasksOf } from '../process/index.ts'
import { saveForm, startMigration } from './migration.service.ts'
import { findMigration, updateMigration } from './migration.store.ts'

interface Person {
  id: string
  name: string
}
const as = (ctx: Ctx, person: Person, role: Role, tenantId: string | null): Ctx => ({
  ...ctx,
  actor: {
    kind: 'person',
    personId: person.id,
    name: person.name,
    grants: [{ role, tenantId, applicationId: null }],
    address: '',
    sessionId: null,
  },
})

/** One migration whose plan is being written, one that waits for its bureau's word, one draft: by the ways people go. */
export async function seedDemoMigrations(
  ctx: Ctx,
  demo: { tenantId: string; applicationId: string; applicant: Person; approver: Person; operation: Person; maintenance: Person },
): Promise<void> {
  const bureau = as(ctx, demo.applicant, 'APP_PROJECT_MANAGER', demo.tenantId)
  const act = async (who: Ctx, id: string, node: string, outcome: string, data: Record<string, unknown> = {}) => {
    const task = (await openTasksOf(ctx, id)).find((one) => one.node === node)
    if (task) await completeTask(who, { taskId: task.id, outcome, data })
  }
  const begin = async (direction: 'INTRA' | 'OUTBOUND', sourceLocation: string, dataGiB: number): Promise<string> => {
    const begun = await startMigration(bureau, { applicationId: demo.applicationId, direction })
    const form = {
      ...begun.form,
      sourceLocation,
      sourcePlatform: 'VMware vSphere 6.7',
      sourceOwner: demo.applicant.name,
      dataGiB,
      maxDowntimeMin: 180,
      preferredFrom: ctx.now.add({ hours: 24 * 20 }).toString(),
      preferredTo: ctx.now.add({ hours: 24 * 21 }).toString(),
      note: '数据库与附件一并迁移，迁移前后行数与摘要比对',
    }
    await saveForm(bureau, { migrationId: begun.id, rev: begun.rev, form })
    return begun.id
  }

  const planned = await begin('INTRA', '省政务云一区', 800)
  await act(bureau, planned, 'applyMigration', 'SUBMIT')
  await act(as(ctx, demo.approver, 'TENANT_APPROVER', demo.tenantId), planned, 'tenantSign', 'APPROVE')
  await act(as(ctx, demo.operation, 'OPERATION_MANAGER', null), planned, 'acceptMigration', 'ACCEPT')
  if ((await findMigration(ctx.db, planned))?.accepted_at) {
    const server = { os: '银河麒麟 V10', vcpu: 8, memGiB: 32, diskGiB: 500 }
    const survey = [
      { host: 'oa-app-01', ...server, middleware: 'Tomcat 9', database: '', ports: '8080', dependsOn: 'oa-db-01' },
      { host: 'oa-db-01', ...server, memGiB: 64, middleware: '', database: '达梦 DM8', ports: '5236', dependsOn: '' },
    ]
    const sizing = [
      { name: 'oa-app', purpose: '应用', count: 2, vcpu: 8, memGiB: 16, diskGiB: 200 },
      { name: 'oa-db', purpose: '数据库', count: 1, vcpu: 8, memGiB: 64, diskGiB: 800 },
    ]
    await updateMigration(ctx.db, planned, { survey: JSON.stringify(survey), sizing: JSON.stringify(sizing) }, ctx.now)
    await act(bureau, planned, 'surveySystem', 'SUBMIT')
    await act(as(ctx, demo.maintenance, 'MAINTENANCE_MANAGER', null), planned, 'assessFeasibility', 'FEASIBLE', {
      method: 'DB_REPLICATION',
    })
  }
  await act(bureau, await begin('OUTBOUND', '省政务云二区', 120), 'applyMigration', 'SUBMIT')
  await begin('INTRA', '省政务云二区', 60)
}
