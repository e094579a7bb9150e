import { changeApi } from '@changbai/contract/change.ts'
import { searchChangeable } from '../../../../modules/inventory/index.ts'
import type { Steps } from '../agenda.ts'
import { type Owner, type Scene, START } from '../staff.ts'
import { conduct } from './conduct.ts'

/** An application's server is made larger: asked for, assessed, approved, done by the cloud within its window, found good. */
export async function* enlargeServer(scene: Scene, owner: Owner): Steps {
  const { stage, staff } = scene
  const { manager } = owner
  const things = await stage.server.runtime.door.enter(START, (ctx) => searchChangeable(ctx, '', owner.applicationId, 40))
  const server = things
    .filter(({ kind, name, externalId }) => kind === 'server' && name.includes('app') && externalId !== null)
    .sort((a, b) => (a.name < b.name ? -1 : 1))[0]
  if (!server) return
  const begun = await manager.call(changeApi.start, { ciIds: [server.id] })
  const hour = (minutes: number) => stage.now().add({ minutes }).toString()
  const { rev } = await manager.call(changeApi.save, {
    changeId: begun.id,
    rev: begun.rev,
    form: {
      ...begun.form,
      title: `${owner.name}扩容应用节点`,
      items: [{ ciId: server.id, attr: 'vcpu', to: String(Number(server.values.vcpu ?? 4) * 2) }],
      reason: 'GROWTH',
      reasonText: '季末业务量上升，峰值使用率已过 70%',
      forecastRef: '业务量评估表',
      windowFrom: hour(90),
      windowTo: hour(330),
      steps: [{ action: '调整规格并重启', owner: staff.technician.name, minutes: 20 }],
      rollbackPlan: '改回原规格',
      verifyPlan: '打开首页并提交一笔业务',
    },
  })
  yield 15
  await manager.call(changeApi.submit, { changeId: begun.id, rev })
  const { operation, secondManager, maintenance, construction, technician } = staff
  const parts = {
    acceptChange: [operation, 'ACCEPT'],
    assessImpact: [maintenance, 'SUPPORT', { risk: 'L', impact: '重启一次，业务中断约 5 分钟' }],
    assessCapacity: [construction, 'SUPPORT'],
    approveNormal: [secondManager, 'APPROVE'],
    reviewMeeting: [
      operation,
      'PASSED',
      { heldAt: hour(40), attendees: '运营、运维、建设、应用方', minutes: '影响与回退清楚，同意在窗口内实施' },
    ],
    approveMajor: [staff.customer, 'APPROVE'],
    backupByHand: [technician, 'DONE', { backupRef: '变更前快照' }],
    implementByHand: [technician, 'DONE', { evidence: '规格已调整' }],
    verifyChange: [manager, 'PASSED', { found: '首页与提交均正常' }],
    closeChange: [operation, 'DONE'],
  } as const
  yield* conduct(scene, begun.id, parts)
  yield 60
  yield* conduct(scene, begun.id, parts)
}
