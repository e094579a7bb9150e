import type { DriftDifference } from '@changbai/contract/inventory.drift.ts'
import { actorCan } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Reaction } from '../../platform/door.ts'
import { holdersOf, personNames } from '../identity/index.ts'
import { changeableItems, linkDriftToChange } from '../inventory/index.ts'
import { openChange } from './change.service.ts'

const FIELDS: Readonly<Record<string, string>> = {
  name: '名称',
  state: '状态',
  vcpu: 'vCPU',
  memMiB: '内存 MiB',
  addresses: '内网地址',
  publicAddresses: '公网地址',
  gib: '容量 GiB',
  attachedTo: '挂载',
  cidr: '网段',
  address: '地址',
}
/** What has to be done there so that the cloud is as recorded, in words: the record has its value already, so there is nothing to set. */
const wayBack = (differences: readonly DriftDifference[]): string =>
  differences.length === 0
    ? '云上已没有这项资源：按台账重建，或由备份恢复'
    : `使云上与台账一致：${differences.map(({ field, here, there }) => `${FIELDS[field] ?? field} 由 ${there || '无'} 改回 ${here || '无'}`).join('；')}`

/** Whoever decided, where they may hand in changes; otherwise a maintenance manager, for whom the draft then waits. */
async function applicantOf(ctx: Ctx): Promise<{ id: string; name: string } | null> {
  if (ctx.actor.personId && actorCan(ctx.actor, 'change.submit', 'C')) return { id: ctx.actor.personId, name: ctx.actor.name }
  const [id] = await holdersOf(ctx, 'MAINTENANCE_MANAGER')
  return id ? { id, name: (await personNames(ctx, [id])).get(id) ?? '' } : null
}

/** The cloud shall follow the record: a draft of a change is opened, the difference names it and it names the difference. @clause 4.4 */
export const openFromDrift: Reaction<'inventory.drift-change-asked'> = async (ctx, asked) => {
  // limits of a project are no item of the inventory: their change is drafted by hand
  const [thing] = asked.itemId ? await changeableItems(ctx, [asked.itemId]) : []
  const applicant = thing ? await applicantOf(ctx) : null
  if (!thing || !applicant) return
  const change = await openChange(ctx, {
    category: 'NORMAL',
    things: [thing],
    applicant,
    driftId: asked.driftId,
    form: {
      title: `${thing.name} 与台账不一致`.slice(0, 120),
      items: [{ ciId: thing.id, attr: 'other', to: wayBack(asked.differences) }],
      reason: 'OTHER',
      reasonText: [`对账发现云上与台账不一致`, asked.comment].filter(Boolean).join('：').slice(0, 2000),
      verifyPlan: '再读一次云平台，差异消失',
      risk: 'M',
    },
  })
  await linkDriftToChange(ctx, asked.driftId, { id: change.id, number: change.number })
}
