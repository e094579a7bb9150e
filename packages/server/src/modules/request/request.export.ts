import type { Input } from '@changbai/contract/endpoint.ts'
import { matterKindNames, matterStatusNames } from '@changbai/contract/forms.ts'
import { environmentNames } from '@changbai/contract/provision-form.ts'
import type { RequestSummary, requestApi } from '@changbai/contract/request.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Download } from '../../platform/mount.ts'
import { allPages, type SheetColumn, spoolSheet, wallTime } from '../../platform/sheets.ts'
import { listRequestPage } from './request.service.ts'

const PAGE = 200
const columnsIn = (lang: 'zh' | 'en'): readonly SheetColumn<RequestSummary>[] => [
  { zh: '申请号', en: 'Number', cell: (row) => row.number },
  { zh: '应用系统', en: 'Application', cell: (row) => row.appName },
  { zh: '使用单位', en: 'Bureau', cell: (row) => row.tenantName },
  { zh: '准入号', en: 'Admission', cell: (row) => row.admissionNo },
  { zh: '类型', en: 'Kind', cell: (row) => matterKindNames[row.kind][lang] },
  { zh: '环境', en: 'Environment', cell: (row) => row.env && environmentNames[row.env][lang] },
  { zh: '状态', en: 'State', cell: (row) => matterStatusNames[row.status][lang] },
  { zh: 'vCPU', en: 'vCPU', cell: (row) => row.totals.vcpu },
  { zh: '内存 GiB', en: 'Memory GiB', cell: (row) => row.totals.memGiB },
  { zh: '当前步骤', en: 'Step', cell: (row) => row.step?.name ?? null },
  { zh: '当前办理人', en: 'Handler', cell: (row) => row.step?.assigneeName ?? null },
  { zh: '步骤截止', en: 'Step due', cell: (row) => wallTime(row.step?.dueAt ?? null) },
  { zh: '申请人', en: 'Applicant', cell: (row) => row.applicantName },
  { zh: '提交时间', en: 'Submitted', cell: (row) => wallTime(row.submittedAt) },
  { zh: '更新时间', en: 'Changed', cell: (row) => wallTime(row.updatedAt) },
]

/** The list under its conditions as a sheet, within what the actor may read; leaves a fact. */
export async function exportRequests(ctx: Ctx, { format, ...filter }: Input<typeof requestApi.exportList>): Promise<Download> {
  const english = ctx.locale === 'en-US'
  const sheet = await spoolSheet(ctx, {
    format,
    name: english ? 'requests' : '资源申请',
    columns: columnsIn(english ? 'en' : 'zh'),
    pages: allPages((after) => listRequestPage(ctx, { ...filter, after, limit: PAGE })),
  })
  await ctx.record({ kind: 'request.list-exported', subject: { type: 'request', id: 'list' }, data: { format, filter, rows: sheet.rows } })
  return sheet
}
