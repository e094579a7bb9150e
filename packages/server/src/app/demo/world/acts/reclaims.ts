import { reclaimApi } from '@changbai/contract/reclaim.ts'
import { searchChangeable } from '../../../../modules/inventory/index.ts'
import { measureDemoIdle } from '../../../../modules/reclaim/index.ts'
import type { Steps } from '../agenda.ts'
import { type Owner, type Scene, START } from '../staff.ts'
import { conduct, type Part } from './conduct.ts'

const parts = ({ staff }: Scene, { manager }: Owner): Record<string, Part> => {
  const { technician, operation } = staff
  const written = {
    gapReason: '专项工作结束，业务已并入新系统，旧节点只剩定时任务。',
    recommendation: 'RELEASE',
    recommendationText: '备份后释放，释放后不影响现有业务。',
  }
  return {
    buildAnalysisReport: [technician, 'SUBMIT', written],
    buildStorageReport: [technician, 'SUBMIT', { ...written, recommendation: 'RELEASE' }],
    assessReport: [operation, 'RELEASE', { comment: '数据属实' }],
    assessStorageReport: [operation, 'RELEASE_VOLUME', { comment: '数据属实' }],
    tenantConfirm: [manager, 'CONFIRM', { comment: '同意释放' }],
    declareData: [manager, 'AGREE', { declaration: 'BACKED_UP', comment: '数据已另存' }],
    manualBackup: [technician, 'DONE', { ref: '备份库 2026' }],
    manualStop: [technician, 'DONE', { ref: '已停机断网' }],
    manualRelease: [technician, 'DONE', { method: '覆写三遍', operator: technician.name, witness: operation.name, evidence: '擦除记录单' }],
  }
}

/** A bureau no longer needs something it was given: measured, reported, assessed, confirmed, stopped, and after its cooling-off released. */
export async function* giveBack(scene: Scene, owner: Owner, subject: 'SERVER' | 'VOLUME'): Steps {
  const { stage } = scene
  const { door } = stage.server.runtime
  const kind = subject === 'SERVER' ? 'server' : 'volume'
  const things = (await door.enter(START, (ctx) => searchChangeable(ctx, '', owner.applicationId, 40)))
    .filter((one) => one.kind === kind && one.externalId !== null)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const thing = things.at(-1)
  if (!thing) return
  await door.enter(START, (ctx) => measureDemoIdle(ctx, thing.id, subject))
  const { id } = await owner.manager.call(reclaimApi.start, {
    subject,
    itemId: thing.id,
    source: 'OWNER',
    reason: '系统已并入新平台，不再使用',
  })
  yield 20
  yield* conduct(scene, id, parts(scene, owner))
}

/** What a cooling-off brought up is done by whoever it waits for. */
export async function* finishReleases(scene: Scene): Steps {
  const { items } = await scene.staff.operation.call(reclaimApi.list, { limit: 50 })
  for (const one of items) {
    const owner = scene.staff.owners.find(({ tenantId }) => tenantId === one.tenantId)
    if (owner && one.closedAt === null) yield* conduct(scene, one.id, parts(scene, owner))
  }
}
