import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { HardwareModel, inventoryApi } from '@changbai/contract/inventory.ts'
import type { Scope } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { attachFile } from '../../platform/files.ts'
import { newId } from '../../platform/ids.ts'
import { insertAcceptanceTest } from './hardware.store.ts'
import { addItem, changeItem, keepHistory, lockForChange, showItem, type Via } from './item.service.ts'
import { findItem, listItems, updateItem } from './items.store.ts'
import { kinds } from './kinds.store.ts'

type Api = typeof inventoryApi
const EVERYWHERE: Scope = { all: true }
const CHOICE_LIMIT = 500

export const addHardwareModel = async (ctx: Ctx, input: Input<Api['createHardwareModel']>, via: Via) =>
  (await addItem(ctx, 'hardwareModel', { ...input, acceptance: 'UNTESTED' }, via)) as unknown as HardwareModel

/** What was tested is what was described: a change of the machine itself makes the model untested again. */
export async function updateHardwareModel(
  ctx: Ctx,
  { id, rev, change }: Input<Api['updateHardwareModel']>,
): Promise<Reply<Api['updateHardwareModel']>> {
  const item = await lockForChange(ctx, 'hardwareModel', id, rev, ['iaas.hardwareTest', 'C'])
  const { note, ...machine } = change
  const isOther = Object.entries(machine).some(([field, value]) => value !== undefined && value !== item[field])
  const changed = await changeItem(ctx, 'hardwareModel', item, isOther ? { ...change, acceptance: 'UNTESTED' } : { note }, 'SCREEN')
  return changed as unknown as HardwareModel
}

/**
 * Records the acceptance test of a new model; the latest decides whether it may be used. One failed check fails the test.
 * @clause 3.2.3-(2)
 */
export async function recordAcceptanceTest(
  ctx: Ctx,
  input: Input<Api['recordAcceptanceTest']>,
): Promise<Reply<Api['recordAcceptanceTest']>> {
  const item = await lockForChange(ctx, 'hardwareModel', input.id, undefined, ['iaas.hardwareTest', 'X'])
  const result = input.checks.some((check) => check.result === 'FAIL') ? 'FAIL' : input.result
  const testId = newId()
  await insertAcceptanceTest(ctx.db, {
    id: testId,
    modelId: item.id,
    result,
    checks: input.checks,
    comment: input.comment,
    fileIds: input.fileIds,
    byPersonId: ctx.actor.personId,
    byName: ctx.actor.name,
    at: ctx.now,
  })
  for (const fileId of input.fileIds) await attachFile(ctx, fileId, { type: 'hardwareModel', id: item.id, tenantId: null })
  await updateItem(ctx.db, kinds.hardwareModel, item.id, { acceptance: result }, ctx.now)
  await keepHistory(ctx, 'hardwareModel', item, 'TESTED', 'SCREEN', { acceptance: item.acceptance }, { acceptance: result, testId })
  return (await showItem(ctx, 'hardwareModel', item.id)) as unknown as HardwareModel
}

/** Models that may be requested and used: the latest acceptance test passed. */
export async function hardwareModels(ctx: Ctx): Promise<HardwareModel[]> {
  const rows = await listItems(ctx.db, kinds.hardwareModel, { equals: { acceptance: 'PASS' }, scope: EVERYWHERE }, undefined, CHOICE_LIMIT)
  return rows.map(({ item }) => item as unknown as HardwareModel)
}

export const findHardwareModel = async (ctx: Ctx, id: string) =>
  (await findItem(ctx.db, kinds.hardwareModel, id)) as unknown as HardwareModel | undefined
