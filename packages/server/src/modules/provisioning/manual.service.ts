import { lineTitle } from '@changbai/contract/line-title.ts'
import { type provisioningForms, provisioningProblems } from '@changbai/contract/provisioning.ts'
import type { z } from 'zod'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { keepAccount } from './credential.service.ts'
import { note } from './journal.ts'
import { linesOf, type OrderRow, updateLine, updateOrder } from './provisioning.store.ts'
import { recordLine } from './recording.ts'

type Data = z.output<(typeof provisioningForms)['provisioning.manualLines']>

/** People made the lines the driver cannot: every point ticked, what came of it named, accounts kept encrypted. */
export async function finishManualLines(ctx: Ctx, order: OrderRow, data: Data): Promise<void> {
  const open = (await linesOf(ctx.db, order.id)).filter((line) => line.way === 'MANUAL' && ['PENDING', 'WORKING'].includes(line.state))
  for (const line of open) {
    const said = data.lines.find((one) => one.lineId === line.id)
    if (!said) return fail(provisioningProblems.linesMissing, { missing: line.title })
    const notes = new Map(said.checked.map((item) => [item.key, item.note]))
    const undone = line.checklist.filter((item) => !notes.has(item.key))
    if (undone.length > 0) return fail(provisioningProblems.linesMissing, { missing: undone.map((item) => item.label.zh).join('、') })
    const wanted = line.spec.kind === 'VM' || line.spec.kind === 'BAREMETAL' ? line.spec.count : 0
    if (said.result.length < wanted)
      return fail(provisioningProblems.linesMissing, { missing: `${line.title} ${said.result.length}/${wanted}` })
    const result = said.result.map(({ name, addresses, facts }) => ({ name, externalId: null, addresses, facts }))
    const checklist = line.checklist.map((item) => ({ ...item, done: true, note: notes.get(item.key) ?? '' }))
    await updateLine(ctx.db, line.id, { state: 'READY', result: JSON.stringify(result), checklist: JSON.stringify(checklist), error: null })
    for (const { name, addresses, account } of said.result)
      if (account) await keepAccount(ctx, order, line.id, name, addresses[0] ?? null, account)
    await recordLine(ctx, order, { ...line, result, checklist }, [])
    await note(
      ctx,
      order,
      'line-ready',
      {
        zh: `第 ${line.no} 行人工办理完成：${lineTitle(line.title, 'zh')}`,
        en: `Line ${line.no} done by hand: ${lineTitle(line.title, 'en')}`,
      },
      { lineId: line.id },
    )
  }
  await updateOrder(ctx.db, order.id, { status: 'CHECKING', started_at: order.started_at ?? ctx.now })
}
