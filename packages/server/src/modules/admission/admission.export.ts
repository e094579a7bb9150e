import type { AdmissionSummary, admissionApi } from '@changbai/contract/admission.ts'
import type { Input } from '@changbai/contract/endpoint.ts'
import { matterKindNames, matterStatusNames } from '@changbai/contract/forms.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Download } from '../../platform/mount.ts'
import { allPages, type SheetColumn, spoolSheet, wallTime } from '../../platform/sheets.ts'
import { listAdmissionPage } from './admission.service.ts'

const PAGE = 200
const columnsIn = (lang: 'zh' | 'en'): readonly SheetColumn<AdmissionSummary>[] => [
  { zh: '申请号', en: 'Number', cell: (row) => row.number },
  { zh: '应用系统', en: 'Application', cell: (row) => row.appName },
  { zh: '应用编码', en: 'Code', cell: (row) => row.appCode },
  { zh: '使用单位', en: 'Bureau', cell: (row) => row.tenantName },
  { zh: '类型', en: 'Kind', cell: (row) => matterKindNames[row.kind][lang] },
  { zh: '等保级别', en: 'Protection level', cell: (row) => row.mlpsLevel },
  { zh: '状态', en: 'State', cell: (row) => matterStatusNames[row.status][lang] },
  { zh: '准入号', en: 'Admission', cell: (row) => row.admissionNo },
  { zh: '有效至', en: 'Valid until', cell: (row) => row.validUntil },
  { zh: '当前步骤', en: 'Step', cell: (row) => row.step?.name ?? null },
  { zh: '当前办理人', en: 'Handler', cell: (row) => row.step?.assigneeName ?? null },
  { zh: '步骤截止', en: 'Step due', cell: (row) => wallTime(row.step?.dueAt ?? null) },
  { zh: '申请人', en: 'Applicant', cell: (row) => row.applicantName },
  { zh: '提交时间', en: 'Submitted', cell: (row) => wallTime(row.submittedAt) },
  { zh: '更新时间', en: 'Changed', cell: (row) => wallTime(row.updatedAt) },
]

/** The list under its conditions as a sheet, within what the actor may read; leaves a fact. */
export async function exportAdmissions(ctx: Ctx, { format, ...filter }: Input<typeof admissionApi.exportList>): Promise<Download> {
  const english = ctx.locale === 'en-US'
  const sheet = await spoolSheet(ctx, {
    format,
    name: english ? 'admissions' : '准入申请',
    columns: columnsIn(english ? 'en' : 'zh'),
    pages: allPages((after) => listAdmissionPage(ctx, { ...filter, after, limit: PAGE })),
  })
  await ctx.record({
    kind: 'admission.list-exported',
    subject: { type: 'admission', id: 'list' },
    data: { format, filter, rows: sheet.rows },
  })
  return sheet
}
