import { type ReclaimForm, type ReclaimReply, reclaimForms, reclaimProblems } from '@changbai/contract/reclaim.ts'
import type { z } from 'zod'
import type { Ctx, Events } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { changeCovering } from '../change/index.ts'
import { changeHeld, giveBackCapacity, type Reclaimable, retireHeld } from '../inventory/index.ts'
import { type Facts, registerAccess, registerForm, registerService, type TaskCall } from '../process/index.ts'
import { returnPart } from '../provisioning/index.ts'
import { maySeeCase, note, requireCase, targetOf } from './case.service.ts'
import { type CaseChange, type CaseRow, partsOf, updateCase, updatePart } from './case.store.ts'
import { addExemption } from './exemption.service.ts'
import { collectFigures } from './figures.service.ts'
import { changeCluster } from './finding.store.ts'
import { beginCooling, finishRelease, keepBackup, restorePart } from './outside.ts'
import { nodesToGo, requirePart, thingOf } from './parts.ts'

type Handle<K extends ReclaimForm> = (
  ctx: Ctx,
  row: CaseRow,
  task: TaskCall,
  data: z.output<(typeof reclaimForms)[K]>,
) => Promise<Facts | undefined>
const by = (ctx: Ctx) => ({ id: ctx.actor.personId, name: ctx.actor.name })
const save = (ctx: Ctx, row: CaseRow, change: CaseChange): Promise<void> => updateCase(ctx.db, row.id, change, ctx.now)
const RESULTS: Record<string, string> = {
  KEEP: '维持',
  RELEASE: '释放',
  RELEASE_VOLUME: '释放',
  RIGHT_SIZE: '换小规格',
  CLUSTER_SHRINK: '缩减集群',
  SHRINK: '换小卷',
  TIER_DOWN: '降档',
  CHANGE: '换小或降档',
}
const FITS: Record<CaseRow['subject'], readonly string[]> = {
  SERVER: ['KEEP', 'RELEASE', 'RIGHT_SIZE'],
  CLUSTER: ['KEEP', 'CLUSTER_SHRINK'],
  VOLUME: ['KEEP', 'RELEASE', 'RELEASE_VOLUME', 'SHRINK', 'TIER_DOWN'],
}

/** By rule alone nothing is taken back that was not measured enough. What its owner offers needs no measurement. @clause 4.5.2-1 */
function requireConclusion(ctx: Ctx, row: CaseRow, outcome: string): void {
  if (!FITS[row.subject].includes(outcome)) fail(reclaimProblems.wrongSubject, { outcome: RESULTS[outcome] ?? outcome })
  if (outcome === 'KEEP' || row.source !== 'RULE' || row.figures?.verdict !== 'NO_CONCLUSION') return
  const needed = ctx.plan.value<{ coveragePercent: number }>('reclaim.peak').coveragePercent
  fail(reclaimProblems.noConclusion, { coverage: Math.floor((row.figures.coverage ?? 0) * 1000) / 10, needed })
}

async function report(
  ctx: Ctx,
  row: CaseRow,
  _task: TaskCall,
  { comment: _, ...data }: z.output<(typeof reclaimForms)['reclaim.report']>,
): Promise<undefined> {
  requireConclusion(ctx, row, data.recommendation)
  await save(ctx, row, { report: JSON.stringify({ ...data, preparedBy: by(ctx), preparedAt: ctx.now.toString() }) })
  await note(ctx, row, 'reported', `报告建议${RESULTS[data.recommendation]}：${data.recommendationText}`)
  return undefined
}

const forms: { [K in ReclaimForm]: Handle<K> } = {
  'reclaim.report': report,
  'reclaim.storageReport': report,
  'reclaim.assess': async (ctx, row, task, data) => {
    const outcome = task.outcome ?? ''
    requireConclusion(ctx, row, outcome)
    if (outcome === 'CLUSTER_SHRINK' && (row.figures?.items.length ?? 0) - (data.nodes ?? 1) < 1)
      fail(reclaimProblems.tooFewNodes, { nodes: row.figures?.items.length ?? 0, min: 1 })
    const assessment = {
      outcome,
      comment: data.comment,
      nodes: data.nodes ?? null,
      assessedBy: by(ctx),
      assessedAt: ctx.now.toString(),
      confirmedAgain: false,
    }
    await save(ctx, row, { assessment: JSON.stringify(assessment), reply: null, ruling: null })
    await note(ctx, row, 'assessed', `评估结论：${RESULTS[outcome]}${data.comment ? `。${data.comment}` : ''}`, { outcome })
    return undefined
  },
  'reclaim.reassess': async (ctx, row, task, { comment }) => {
    const again = task.outcome === 'CONFIRM'
    if (row.assessment) await save(ctx, row, { assessment: JSON.stringify({ ...row.assessment, confirmedAgain: again }) })
    await note(ctx, row, 'reassessed', `应用方逾期未答复，二次评估${again ? '仍确认' : '改为维持'}：${comment}`)
    return undefined
  },
  'reclaim.tenantConfirm': async (ctx, row, task, data) => {
    const objects = task.outcome === 'OBJECT'
    const wanted = row.assessment?.outcome ?? ''
    if (objects && data.comment === '') fail(reclaimProblems.reasonWanted)
    if (objects && wanted === 'RIGHT_SIZE' && row.ruling !== null) fail(reclaimProblems.objectedBefore)
    if (!objects && row.subject === 'CLUSTER') await keepLeastNodes(ctx, row, data.minNodes)
    const decision = objects
      ? 'OBJECT'
      : wanted === 'RELEASE' || wanted === 'RELEASE_VOLUME' || wanted === 'CLUSTER_SHRINK'
        ? 'CONFIRM_RELEASE'
        : 'AGREE_RESIZE'
    const reply: ReclaimReply = { decision, reason: data.comment, minNodes: data.minNodes ?? null, by: by(ctx), at: ctx.now.toString() }
    await save(ctx, row, { reply: JSON.stringify(reply) })
    await note(ctx, row, objects ? 'objected' : 'confirmed', objects ? `应用方有异议：${data.comment}` : `应用方同意${RESULTS[wanted]}`, {
      minNodes: data.minNodes ?? null,
    })
    return undefined
  },
  'reclaim.declareData': async (ctx, row, task, { declaration, comment }) => {
    if (task.outcome === 'REFUSE') {
      if (comment === '') fail(reclaimProblems.reasonWanted)
      await note(ctx, row, 'data-refused', `应用方不同意处置数据：${comment}`)
      return undefined
    }
    const part = await requirePart(ctx, row.id)
    await updatePart(ctx.db, part.id, {
      declaration: JSON.stringify({ statement: declaration, by: ctx.actor.name, at: ctx.now.toString(), comment }),
    })
    await note(ctx, row, 'data-declared', `${part.item_name} 数据处置单：${declaration === 'BACKED_UP' ? '数据已备份' : '数据不需保留'}`)
    return undefined
  },
  'reclaim.coordinate': async (ctx, row, task, { comment }) => {
    await note(ctx, row, 'coordinated', `甲方协调：${task.outcome === 'ASK_AGAIN' ? '再次核实' : '转裁定'}。${comment}`)
    return undefined
  },
  'reclaim.arbitrate': async (ctx, row, task, { comment }) => {
    const outcome = task.outcome ?? ''
    if (row.subject === 'CLUSTER' && outcome === 'RIGHT_SIZE') fail(reclaimProblems.wrongSubject, { outcome: RESULTS[outcome] ?? outcome })
    await save(ctx, row, { ruling: JSON.stringify({ outcome, reason: comment, by: by(ctx), at: ctx.now.toString() }) })
    await note(ctx, row, 'ruled', `甲方裁定：${RESULTS[outcome]}。${comment}`, { outcome })
    return undefined
  },
  'reclaim.evidence': async (ctx, row, task, { ref, comment }) => {
    const part = await requirePart(ctx, row.id)
    if (task.node === 'manualStop') return beginCooling(ctx, row, part)
    if (task.node === 'manualRestore') return restorePart(ctx, row, part)
    return keepBackup(ctx, row, part, {
      ref,
      kind: null,
      connectionId: null,
      holds: [],
      projectId: null,
      by: ctx.actor.name,
      at: ctx.now.toString(),
      note: comment,
    })
  },
  'reclaim.sanitize': async (ctx, row, _task, { method, operator, witness, evidence }) =>
    finishRelease(ctx, row, await requirePart(ctx, row.id), { method, by: operator, witness, evidence }),
  'reclaim.change': changed,
}

async function keepLeastNodes(ctx: Ctx, row: CaseRow, minNodes: number | undefined): Promise<void> {
  if (minNodes === undefined) fail(reclaimProblems.minNodesWanted)
  const nodes = row.figures?.items.length ?? 0
  if (nodes - minNodes < 1) fail(reclaimProblems.tooFewNodes, { nodes, min: minNodes })
  await changeCluster(ctx.db, row.item_id, { min_nodes: minNodes, min_by_name: ctx.actor.name, min_at: ctx.now })
}

/** A smaller size, a smaller volume or a cheaper tier: what it is now, and what was saved by it. @clause 4.5.1-2 */
async function changed(
  ctx: Ctx,
  row: CaseRow,
  _task: TaskCall,
  data: z.output<(typeof reclaimForms)['reclaim.change']>,
): Promise<Facts | undefined> {
  const target = await targetOf(ctx, row.subject, row.item_id)
  const item = target?.members[0]
  if (!item) throw new Error(`what case ${row.number} is about is gone`)
  const wants = row.ruling?.outcome === 'CHANGE' ? row.assessment?.outcome : (row.ruling?.outcome ?? row.assessment?.outcome)
  const tiers = wants === 'TIER_DOWN'
  const before = row.allocated
  const after = { vcpu: data.vcpu ?? item.vcpu, memGiB: data.memGiB ?? item.memGiB, gib: data.gib ?? item.gib }
  if (item.type === 'server' && (data.vcpu === undefined || data.memGiB === undefined)) fail(reclaimProblems.sizeWanted)
  if (item.type === 'volume' && (tiers ? data.tier === undefined : data.gib === undefined)) fail(reclaimProblems.sizeWanted)
  const smaller = after.vcpu < before.vcpu || after.memGiB < before.memGiB || after.gib < before.gib
  if (!tiers && (!smaller || after.vcpu > before.vcpu || after.memGiB > before.memGiB)) fail(reclaimProblems.notSmaller)
  await requireChange(ctx, row, item, data)
  await save(ctx, row, {
    change: JSON.stringify({
      changeNo: data.changeNo,
      note: data.comment,
      by: by(ctx),
      at: ctx.now.toString(),
      after,
      tier: data.tier ?? null,
    }),
  })
  const saved = { vcpu: before.vcpu - after.vcpu, memGiB: before.memGiB - after.memGiB, gib: before.gib - after.gib }
  if (item.type === 'server') {
    await changeHeld(ctx, 'server', item.id, { vcpu: after.vcpu, memGiB: after.memGiB }, 'RECLAIM')
    await giveBack(ctx, item, { vcpu: saved.vcpu, memGiB: saved.memGiB, storageGiB: 0 }, `#${row.number}`)
    await save(ctx, row, { outcome: 'RIGHT_SIZED', saving: JSON.stringify({ ...saved, gib: 0 }) })
  } else if (!tiers) await save(ctx, row, { saving: JSON.stringify({ vcpu: 0, memGiB: 0, gib: saved.gib }) })
  await note(ctx, row, 'changed', `按变更 ${data.changeNo} 办结`, { after, tier: data.tier ?? null })
  return undefined
}

/** The replacement is a change of its own: there, about this very thing, carried out, and of the size that is written here. */
async function requireChange(
  ctx: Ctx,
  row: CaseRow,
  item: Reclaimable,
  data: z.output<(typeof reclaimForms)['reclaim.change']>,
): Promise<void> {
  const number = data.changeNo
  const change = await changeCovering(ctx, number, item.id)
  if (!change) return fail(reclaimProblems.noChange, { number, name: row.item_name })
  if (!change.isDone) fail(reclaimProblems.changeOpen, { number })
  const differs = change.items.filter(
    (one) =>
      (one.attr === 'vcpu' || one.attr === 'memGiB' || one.attr === 'tier') &&
      data[one.attr] !== undefined &&
      String(data[one.attr]) !== one.to,
  )
  if (differs.length > 0) fail(reclaimProblems.changeDiffers, { number, made: differs.map((one) => `${one.attr} ${one.to}`).join('、') })
}

/** Back to the pool: to the request it was drawn for, or to the application's own share. */
async function giveBack(
  ctx: Ctx,
  item: Reclaimable,
  amounts: { vcpu: number; memGiB: number; storageGiB: number },
  suffix = '',
): Promise<void> {
  const metal = item.kind === 'baremetal'
  const full = metal
    ? { vcpu: 0, memGiB: 0, storageGiB: 0, publicAddresses: 0, baremetal: 1 }
    : { ...amounts, publicAddresses: 0, baremetal: 0 }
  const source = item.sourceType && item.sourceId ? { type: item.sourceType, id: `${item.sourceId}${suffix}` } : null
  if (source && (await returnPart(ctx, source, full))) return
  if (item.applicationId) await giveBackCapacity(ctx, { type: 'application', id: item.applicationId }, full)
}

/** E9/F7: out of the inventory, capacity and quota given back; of a cluster the next node, down to the least number. */
async function updateInventory(ctx: Ctx, row: CaseRow): Promise<Facts> {
  const parts = await partsOf(ctx.db, row.id)
  const part = parts.at(-1)
  if (part?.state !== 'RELEASED') throw new Error(`case ${row.number}: nothing was released`)
  const item = await thingOf(ctx, part)
  await retireHeld(ctx, part.item_type, part.item_id, `${row.number} 回收`, 'RECLAIM')
  await giveBack(ctx, item, { vcpu: part.vcpu, memGiB: part.mem_gib, storageGiB: part.gib })
  if (part.backup?.projectId) await ctx.enqueue('reclaim.lower-quota', { partId: part.id }, { key: part.id })
  const released = parts.filter((one) => one.state === 'RELEASED')
  if (row.change === null) {
    const saving = {
      vcpu: released.reduce((sum, one) => sum + one.vcpu, 0),
      memGiB: released.reduce((sum, one) => sum + one.mem_gib, 0),
      gib: released.reduce((sum, one) => sum + one.gib, 0),
    }
    await save(ctx, row, { saving: JSON.stringify(saving) })
  }
  await note(ctx, row, 'retired', `${part.item_name} 退出台账，容量与配额已返还`)
  return row.process_key === 'server-reclaim' ? { moreNodes: released.length < nodesToGo(row) } : {}
}

const tx = (topic: string, run: (ctx: Ctx, row: CaseRow) => Promise<Facts | undefined>): void =>
  registerService({ topic, mode: 'tx', run: async (ctx, call) => run(ctx, await requireCase(ctx, call.businessKey)) })

const collect = async (ctx: Ctx, row: CaseRow): Promise<undefined> => {
  const figures = await collectFigures(ctx, row)
  await save(ctx, row, { figures: JSON.stringify(figures), status: 'UNDER_REVIEW' })
  await note(ctx, row, 'measured', `汇总 ${figures.from} 至 ${figures.to} 的数据，覆盖率 ${Math.floor(figures.coverage * 1000) / 10}%`, {
    verdict: figures.verdict,
  })
  return undefined
}
const told = (row: CaseRow) => ({
  caseId: row.id,
  number: row.number,
  name: row.item_name,
  tenantId: row.tenant_id,
  applicationId: row.application_id,
})

/** All forms and services of the two processes; called once at start. */
export function registerSteps(): void {
  for (const key of Object.keys(forms) as ReclaimForm[]) {
    const handle = forms[key] as Handle<typeof key>
    registerForm({
      key,
      schema: reclaimForms[key],
      handler: async (ctx, task, data) => handle(ctx, await requireCase(ctx, task.businessKey), task, data as never),
    })
  }
  tx('reclaim.collectFigures', collect)
  tx('reclaim.collectHistory', collect)
  tx('reclaim.notifyTenant', async (ctx, row) => {
    await save(ctx, row, { asked_at: ctx.now, status: 'PENDING_APPROVAL' })
    await note(ctx, row, 'asked', '已发应用方核实单')
    await ctx.publish('reclaim.asked', { ...told(row), outcome: RESULTS[row.assessment?.outcome ?? ''] ?? '', again: row.reply !== null })
    return undefined
  })
  tx('reclaim.remindTenant', async (ctx, row) => {
    await note(ctx, row, 'reminded', '提醒应用方答复')
    await ctx.publish('reclaim.reminded', told(row))
    return undefined
  })
  tx('reclaim.informCustomer', async (ctx, row) => {
    await save(ctx, row, { status: 'FULFILLING' })
    await note(ctx, row, 'customer-informed', '已知会甲方，转变更实施')
    await ctx.publish('reclaim.customer-informed', told(row))
    return undefined
  })
  tx('reclaim.keep', async (ctx, row) => {
    const days = ctx.plan.number('reclaim.exemptionDays')
    const reason = row.ruling?.reason || row.assessment?.comment || row.report?.recommendationText || '评估维持'
    await addExemption(ctx, {
      itemId: row.item_id,
      itemName: row.item_name,
      tenantId: row.tenant_id,
      applicationId: row.application_id,
      kind: 'KEPT',
      reason: reason.slice(0, 1000),
      untilOn: shanghaiDay(ctx.now).add({ days }),
      caseId: row.id,
    })
    await save(ctx, row, { outcome: 'KEPT' })
    await note(ctx, row, 'kept', `维持，记入豁免清单 ${days} 天`)
    return undefined
  })
  tx('reclaim.updateInventory', updateInventory)
  tx('reclaim.recordTier', async (ctx, row) => {
    if (row.change?.tier) await changeHeld(ctx, 'volume', row.item_id, { tier: row.change.tier as 'SSD' | 'SAS' | 'SATA' }, 'RECLAIM')
    await save(ctx, row, { outcome: 'TIERED' })
    await note(ctx, row, 'tiered', `存储降档为 ${row.change?.tier ?? ''}`)
    return undefined
  })
  tx('reclaim.notifyReleased', async (ctx, row) => {
    const shrunk = row.assessment?.outcome === 'CLUSTER_SHRINK' || row.assessment?.outcome === 'SHRINK'
    await save(ctx, row, { outcome: shrunk ? 'SHRUNK' : 'RELEASED' })
    const saving = row.saving ?? { vcpu: 0, memGiB: 0, gib: 0 }
    await ctx.publish('reclaim.released', { ...told(row), ...saving })
    return undefined
  })
  for (const key of ['server-reclaim', 'storage-reclaim']) registerAccess(key, maySeeCase)
}

const STATUS: Record<string, CaseRow['status']> = {
  tenantConfirm: 'PENDING_APPROVAL',
  declareData: 'PENDING_APPROVAL',
  coordinate: 'PENDING_APPROVAL',
  arbitrate: 'PENDING_APPROVAL',
  replaceServer: 'FULFILLING',
  changeVolume: 'FULFILLING',
  manualBackup: 'FULFILLING',
  manualStop: 'FULFILLING',
  manualRestore: 'FULFILLING',
  manualRelease: 'FULFILLING',
}
const isOurs = (processKey: string): boolean => processKey === 'server-reclaim' || processKey === 'storage-reclaim'

/** The case's own row follows its process. Where the bureau let its limit pass, that is its reply: none, which is never consent. */
export async function stepOpened(ctx: Ctx, task: Events['task.created']): Promise<void> {
  if (!isOurs(task.processKey) || task.kind === 'ADDED') return
  const row = await requireCase(ctx, task.businessKey)
  const silent = (task.node === 'coordinate' || task.node === 'reassess') && row.reply === null
  const reply: ReclaimReply = { decision: 'NO_REPLY', reason: '', minNodes: null, by: { id: null, name: '' }, at: ctx.now.toString() }
  await save(ctx, row, {
    node: task.node,
    status: STATUS[task.node] ?? 'UNDER_REVIEW',
    ...(silent ? { reply: JSON.stringify(reply) } : {}),
  })
  if (silent) await note(ctx, row, 'no-reply', '应用方逾期未答复，不视为同意')
}

export async function caseEnded(ctx: Ctx, instance: Events['instance.ended']): Promise<void> {
  if (!isOurs(instance.processKey)) return
  const row = await requireCase(ctx, instance.businessKey)
  const done = instance.status === 'COMPLETED' && row.outcome !== null
  await save(ctx, row, { status: done ? 'CLOSED' : 'CANCELLED', closed_at: ctx.now, node: null, cool_until: null })
  await note(ctx, row, 'closed', done ? '办结归档' : (instance.reason ?? '不予回收'))
}
