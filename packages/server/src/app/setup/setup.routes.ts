import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { setupApi } from '@changbai/contract/setup.ts'
import { backupLateness } from '../../modules/upkeep/index.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type App, type Download, mount, mountDownload, mountUpload } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { spoolSheet } from '../../platform/sheets.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { judgeSetup } from './checklist.domain.ts'
import { readSetupFacts } from './checklist.store.ts'
import { approveGrants, importSheet } from './import.ts'
import { sheetColumns } from './sheet.domain.ts'

/** Months from which next year's calendar is missed. */
const NEXT_YEAR_FROM_MONTH = 11

const readChecklist =
  (hasDirectory: boolean) =>
  async (ctx: Ctx): Promise<Reply<typeof setupApi.checklist>> => {
    const { active, heard, ...facts } = await readSetupFacts(ctx.db, ctx.now)
    const { last, backup, passed } = await backupLateness(ctx)
    const today = shanghaiDay(ctx.now)
    const items = judgeSetup(
      {
        ...facts,
        directory: hasDirectory ? facts.directory : null,
        thisYear: today.year,
        nextYearDue: today.month >= NEXT_YEAR_FROM_MONTH,
        probes: { active, heard, needed: facts.planVersion === null ? 1 : ctx.plan.number('availability.agreeingProbes') },
        hasBackup: last !== undefined,
        backupLate: backup,
        drillPassed: passed !== undefined,
      },
      ctx.locale,
    )
    return { checkedAt: ctx.now.toString(), items }
  }

const names = { bureau: ['委办局', 'Bureaus'], person: ['人员', 'People'], grant: ['授权', 'Grants'] } as const

/** An empty sheet with the headings the import knows. */
async function emptySheet(ctx: Ctx, { kind }: Input<typeof setupApi.template>): Promise<Download> {
  const sheet = await spoolSheet<never>(ctx, {
    format: 'xlsx',
    name: names[kind][ctx.locale === 'en-US' ? 1 : 0],
    columns: sheetColumns[kind].map(({ zh, en }) => ({ zh, en, cell: () => '' })),
    pages: (async function* () {})(),
  })
  await ctx.record({ kind: 'setup.template-taken', subject: { type: 'installation', id: kind } })
  return sheet
}

export function setupRoutes(app: App, { door, ldap }: Runtime): void {
  mount(app, door, setupApi.checklist, readChecklist(ldap !== null))
  mountUpload(app, door, setupApi.importSheet, importSheet)
  mountDownload(app, door, setupApi.template, emptySheet)
  mount(app, door, setupApi.approveGrants, approveGrants)
}
