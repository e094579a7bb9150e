import type { Report, ReportAuthor, ReportChart, ReportGroup, ReportSection, ReportTable } from '@changbai/contract/report.shapes.ts'
import { SECTION_TITLES } from '@changbai/contract/report.words.ts'
import { AlignmentType, ImageRun, Paragraph, PatchType, patchDocument, TextRun } from 'docx'
import { type Block, gap, gridOf, noteOf, pairsOf, signaturesOf, subHeadingOf, textOf } from '../admission/index.ts'
import { CHART, COLOUR_NAMES, drawChart } from './chart.ts'

const PARTY: Record<ReportAuthor, string> = {
  OPERATION_MANAGER: '运营管理员',
  MAINTENANCE_MANAGER: '运维管理员',
  MAINTENANCE_ENGINEER: '运维技术员',
  APP_PROJECT_MANAGER: '应用项目经理',
  BUILD_PROJECT_MANAGER: '建设经理',
}
const GROUP: Record<ReportGroup, string> = { OPERATION: '运营组', MAINTENANCE: '运维组', APPLICATION: '应用组', CONSTRUCTION: '建设组' }
const STEP = { DRAFT: '编写提交', INTERNAL: '内审通过', PRESENT: '汇报' } as const
const SERIF = { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '仿宋_GB2312' }
/** Half of what is drawn, within the text width of A4. */
const PICTURE = { width: CHART.width / 2.15, height: CHART.height / 2.15 }

const wall = (at: string): string =>
  Temporal.Instant.from(at).toZonedDateTimeISO('Asia/Shanghai').toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')
const monthWords = (month: string): string => `${month.slice(0, 4)}年${Number(month.slice(5))}月`

const tableBlocks = (one: ReportTable): Block[] => [
  subHeadingOf(one.title.zh),
  ...(one.rows.length === 0
    ? [noteOf('本期无记录。')]
    : [
        gridOf(
          one.columns.map(({ title, figures, share }) => ({ title: title.zh, figures, share: share * 12 })),
          one.rows.map((row) => row.map((cell) => (cell === null ? '—' : String(cell)))),
        ),
        ...(one.total > one.rows.length ? [noteOf(`共 ${one.total} 行，此处列前 ${one.rows.length} 行，其余见系统。`)] : []),
      ]),
  gap(),
]

const chartBlocks = (one: ReportChart): Block[] => [
  new Paragraph({
    alignment: AlignmentType.CENTER,
    keepNext: true,
    children: [
      new ImageRun({
        type: 'png',
        data: drawChart(one),
        transformation: PICTURE,
        altText: { name: one.title.zh, title: one.title.zh, description: one.title.zh },
      }),
    ],
  }),
  new Paragraph({
    alignment: AlignmentType.CENTER,
    spacing: { after: 160 },
    children: [
      new TextRun({
        font: SERIF,
        size: 21,
        text: `图：${one.title.zh}（${one.unit}）${one.series.length > 1 ? `　${one.series.map(({ name }, at) => `${COLOUR_NAMES[at % COLOUR_NAMES.length]}：${name.zh}`).join('　')}` : ''}`,
      }),
    ],
  }),
]

export function sectionBlocks({ facts, comments }: ReportSection): Block[] {
  const blocks: Block[] = []
  if (facts.figures.length > 0)
    blocks.push(
      pairsOf(
        facts.figures.map(({ label, value, unit }) => ({
          label: label.zh,
          value: value === null ? '—' : `${value}${unit ? ` ${unit}` : ''}`,
        })),
      ),
      gap(),
    )
  for (const one of facts.tables) blocks.push(...tableBlocks(one))
  for (const one of facts.charts) blocks.push(...chartBlocks(one))
  for (const { author, text } of comments) blocks.push(...textOf(`【${PARTY[author]}】${text}`))
  if (blocks.length === 0) blocks.push(noteOf('本期无记录，无评述。'))
  return blocks
}

function approvalBlocks(report: Report): Block[] {
  const mine = report.approvals.filter(({ version, result }) => version === report.version && result === 'APPROVE')
  return [
    noteOf(
      `编写：${report.signatures.map(({ author, byName }) => `${PARTY[author]} ${byName}`).join('，') || '—'}${report.missingReason ? `；缺签原因：${report.missingReason}` : ''}`,
    ),
    signaturesOf(
      (Object.keys(GROUP) as ReportGroup[]).map((group) => {
        const found = mine.find((one) => one.group === group)
        return {
          title: GROUP[group],
          opinion: found?.comment || (found ? '同意' : ''),
          by: found?.byName ?? '',
          on: found ? wall(found.at).slice(0, 10) : '',
        }
      }),
    ),
  ]
}

const errataBlocks = (report: Report): Block[] =>
  report.errataLines.length === 0
    ? [noteOf('无勘误。')]
    : [
        gridOf(
          [
            { title: '章', share: 16 },
            { title: '原文', share: 26 },
            { title: '更正', share: 26 },
            { title: '原因', share: 20 },
            { title: '认可', share: 14 },
          ],
          report.errataLines.map((one) => [SECTION_TITLES[one.section].zh, one.wrong, one.right, one.reason, one.agreedByName ?? '待认可']),
        ),
      ]

/**
 * The report on the office's own template: every mark `{{…}}` is replaced, the rest of the document stays as it is. The same report on the same
 * template gives the same text.
 */
export async function writeWord(template: Uint8Array, report: Report): Promise<Uint8Array> {
  const words = (text: string) => ({ type: PatchType.PARAGRAPH, children: [new TextRun({ text })] })
  const blocks = (children: Block[]) => ({ type: PatchType.DOCUMENT, children })
  const version = report.versions.at(-1)
  const digest =
    report.status === 'DRAFT' || !version ? '草稿，未定稿' : `第 ${version.version} 版 ${version.digest.algorithm} ${version.digest.value}`
  const bytes = await patchDocument({
    outputType: 'nodebuffer',
    data: template,
    keepOriginalStyles: true,
    patches: {
      month: words(monthWords(report.month)),
      number: words(report.number),
      asOf: words(wall(report.asOf)),
      status: words({ DRAFT: '草稿', INTERNAL: '内审稿', APPROVED: '定稿', PRESENTED: '定稿（已汇报）' }[report.status]),
      digest: words(digest),
      signatures: blocks(approvalBlocks(report)),
      errata: blocks(errataBlocks(report)),
      deadlines: words(
        report.deadlines
          .map(({ step, writtenOn, dueOn, moved }) => `${STEP[step]} ${dueOn}${moved ? `（原 ${writtenOn}，遇${moved}顺延）` : ''}`)
          .join('；'),
      ),
      ...Object.fromEntries(report.sections.map((section) => [section.code, blocks(sectionBlocks(section))])),
    },
  })
  return new Uint8Array(bytes)
}
