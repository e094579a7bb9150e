import type { RoundItem, RoundKind } from '@changbai/contract/inspection.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { onlineApplications } from '../inventory/index.ts'

/** One line of the plan's parameter `inspection.items`. */
interface ItemLine {
  kind: RoundKind
  group: RoundItem['group']
  code: string
  zh: string
  en: string
  unit?: string
  okFrom?: number
  okTo?: number
  hint?: { zh: string; en: string }
}

const toItem = (line: ItemLine): RoundItem => ({
  code: line.code,
  group: line.group,
  title: { zh: line.zh, en: line.en },
  unit: line.unit ?? null,
  okFrom: line.okFrom ?? null,
  okTo: line.okTo ?? null,
  hint: line.hint ?? null,
})

/** What is to be looked at, as the plan in force says; for bureaus' services each online production application. @clause 5.4-1 5.4-2 5.4-3 */
export async function itemsFor(ctx: Ctx, kind: RoundKind): Promise<RoundItem[]> {
  const lines = ctx.plan.value<ItemLine[]>('inspection.items').filter((line) => line.kind === kind)
  if (kind !== 'TENANT_SERVICE') return lines.map(toItem)
  const applications = await onlineApplications(ctx)
  return applications.flatMap((application) =>
    lines.map((line) => ({
      ...toItem(line),
      code: `${line.code}:${application.code}`,
      title: { zh: `${application.name} ${line.zh}`, en: `${application.name}: ${line.en}` },
    })),
  )
}
