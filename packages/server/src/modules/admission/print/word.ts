import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  ImageRun,
  type IRunOptions,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlign,
  WidthType,
} from 'docx'

// Papers in the customary layout of government offices (GB/T 9704): title in 小标宋 二号, headings in 黑体, text in 仿宋 三号, tables in 仿宋 小四,
// A4 with 37/35/28/26 mm margins, page number between dashes. Machines without these fonts fall back to their own song type.

const TITLE = { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '方正小标宋简体' }
const HEADING = { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '黑体' }
const TEXT = { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '仿宋_GB2312' }
/** Half points: 二号 22 pt, 三号 16 pt, 四号 14 pt, 小四 12 pt, 五号 10.5 pt. */
const SIZE = { title: 44, heading: 32, text: 32, table: 24, small: 21 }
/** Twentieths of a point; 1 mm is 56.7. */
const MM = 56.7
const MARGIN = { top: Math.round(37 * MM), bottom: Math.round(35 * MM), left: Math.round(28 * MM), right: Math.round(26 * MM) }
/** Width between the margins of A4. */
const TEXT_WIDTH = Math.round(210 * MM) - MARGIN.left - MARGIN.right

const run = (text: string, options: IRunOptions = {}): TextRun => new TextRun({ text, font: TEXT, size: SIZE.text, ...options })
/** Lines of a text as runs: what a person typed on a new line stays there. */
const runs = (text: string, options: IRunOptions): TextRun[] =>
  text.split('\n').map((line, index) => run(line, { ...options, ...(index > 0 ? { break: 1 } : {}) }))

export type Block = Paragraph | Table

export const titleOf = (text: string): Paragraph =>
  new Paragraph({
    alignment: AlignmentType.CENTER,
    spacing: { before: 0, after: 240, line: 600 },
    children: [run(text, { font: TITLE, size: SIZE.title })],
  })

export const headingOf = (text: string): Paragraph =>
  new Paragraph({ keepNext: true, spacing: { before: 200, after: 100 }, children: [run(text, { font: HEADING, size: SIZE.heading })] })

export const subHeadingOf = (text: string): Paragraph =>
  new Paragraph({ keepNext: true, spacing: { before: 120, after: 60 }, children: [run(text, { font: HEADING, size: 28 })] })

/** A paragraph of prose with the customary indent of two characters. */
export const textOf = (text: string): Paragraph[] =>
  text.split('\n').map((line) => new Paragraph({ spacing: { line: 560 }, indent: { firstLine: 640 }, children: [run(line)] }))

export const noteOf = (text: string): Paragraph =>
  new Paragraph({ spacing: { before: 60, after: 60 }, children: runs(text, { size: SIZE.small }) })

/** A PNG over the whole width of the text, with its caption below; never torn from it by a page. */
export const pictureOf = (png: Uint8Array, width: number, height: number, caption: string): Paragraph => {
  const shown = (TEXT_WIDTH / MM / 25.4) * 96
  return new Paragraph({
    alignment: AlignmentType.CENTER,
    spacing: { before: 120, after: 120 },
    keepLines: true,
    children: [
      new ImageRun({ type: 'png', data: png, transformation: { width: Math.round(shown), height: Math.round((shown * height) / width) } }),
      run(caption, { size: SIZE.small, break: 1 }),
    ],
  })
}

const THIN = { style: BorderStyle.SINGLE, size: 4, color: '000000' }
const BORDERS = { top: THIN, bottom: THIN, left: THIN, right: THIN, insideHorizontal: THIN, insideVertical: THIN }

interface CellOptions {
  width: number
  span?: number
  head?: boolean
  align?: 'left' | 'center' | 'right'
  size?: number
}
const ALIGN = { left: AlignmentType.LEFT, center: AlignmentType.CENTER, right: AlignmentType.RIGHT }

const cell = (text: string, { width, span, head, align, size }: CellOptions): TableCell =>
  new TableCell({
    width: { size: width, type: WidthType.DXA },
    ...(span ? { columnSpan: span } : {}),
    verticalAlign: VerticalAlign.CENTER,
    margins: { top: 40, bottom: 40, left: 80, right: 80 },
    children: [
      new Paragraph({
        alignment: ALIGN[align ?? (head ? 'center' : 'left')],
        children: runs(text, { size: size ?? SIZE.table, ...(head ? { font: HEADING } : {}) }),
      }),
    ],
  })

const tableOf = (rows: TableRow[], columnWidths: number[]): Table =>
  new Table({ rows, columnWidths, layout: TableLayoutType.FIXED, width: { size: TEXT_WIDTH, type: WidthType.DXA }, borders: BORDERS })

/** Shares of the text width that add up to it. */
function widthsOf(shares: readonly number[]): number[] {
  const all = shares.reduce((sum, share) => sum + share, 0)
  const widths = shares.map((share) => Math.floor((TEXT_WIDTH * share) / all))
  widths[widths.length - 1] = (widths.at(-1) ?? 0) + TEXT_WIDTH - widths.reduce((sum, width) => sum + width, 0)
  return widths
}

export interface Pair {
  label: string
  value: string
  /** Takes a row of its own. */
  wide?: boolean
}

/** Label and value side by side, two pairs a row; long values take a row of their own. */
export function pairsOf(pairs: readonly Pair[]): Table {
  const widths = widthsOf([19, 31, 19, 31]) as [number, number, number, number]
  const rows: TableRow[] = []
  let held: Pair | null = null
  const wide = (pair: Pair) =>
    rows.push(
      new TableRow({
        children: [
          cell(pair.label, { width: widths[0], head: true }),
          cell(pair.value, { width: widths[1] + widths[2] + widths[3], span: 3 }),
        ],
      }),
    )
  for (const pair of pairs) {
    if (pair.wide || pair.value.length > 24) {
      if (held) wide(held)
      held = null
      wide(pair)
    } else if (held) {
      rows.push(
        new TableRow({
          cantSplit: true,
          children: [
            cell(held.label, { width: widths[0], head: true }),
            cell(held.value, { width: widths[1] }),
            cell(pair.label, { width: widths[2], head: true }),
            cell(pair.value, { width: widths[3] }),
          ],
        }),
      )
      held = null
    } else held = pair
  }
  if (held) wide(held)
  return tableOf(rows, widths)
}

export interface Column {
  title: string
  /** Share of the width. */
  share: number
  figures?: boolean
}

/** A table whose head repeats on every page. */
export function gridOf(columns: readonly Column[], lines: readonly (readonly string[])[]): Table {
  const widths = widthsOf([7, ...columns.map((column) => column.share)])
  const size = columns.length > 6 ? 18 : SIZE.small
  const head = new TableRow({
    tableHeader: true,
    cantSplit: true,
    children: [
      cell('序号', { width: widths[0] as number, head: true, size }),
      ...columns.map((column, at) => cell(column.title, { width: widths[at + 1] as number, head: true, size })),
    ],
  })
  const rows = lines.map(
    (line, index) =>
      new TableRow({
        cantSplit: true,
        children: [
          cell(String(index + 1), { width: widths[0] as number, align: 'center', size }),
          ...line.map((text, at) => cell(text, { width: widths[at + 1] as number, size, align: columns[at]?.figures ? 'right' : 'left' })),
        ],
      }),
  )
  return tableOf([head, ...rows], widths)
}

export interface SignatureBlock {
  title: string
  /** What was said, or empty to leave room for the pen. */
  opinion: string
  by: string
  on: string
  /** 「（盖章）」 beside the signature. */
  stamp?: boolean
}

const OPINION_HEIGHT = 1700

/** One framed block an office: its opinion, room for stamp and signature, the date. */
export function signaturesOf(blocks: readonly SignatureBlock[]): Table {
  const widths = widthsOf([20, 80]) as [number, number]
  const rows = blocks.map(
    (block) =>
      new TableRow({
        cantSplit: true,
        height: { value: OPINION_HEIGHT, rule: 'atLeast' },
        children: [
          cell(block.title, { width: widths[0], head: true }),
          new TableCell({
            width: { size: widths[1], type: WidthType.DXA },
            verticalAlign: VerticalAlign.BOTTOM,
            margins: { top: 80, bottom: 80, left: 120, right: 120 },
            children: [
              new Paragraph({ spacing: { after: 360 }, children: runs(block.opinion, { size: SIZE.table }) }),
              new Paragraph({
                alignment: AlignmentType.RIGHT,
                children: [
                  run(`签字${block.stamp ? '（盖章）' : ''}：${block.by || '　　　　　　'}　　${block.on || '　　　年　　月　　日'}`, {
                    size: SIZE.table,
                  }),
                ],
              }),
            ],
          }),
        ],
      }),
  )
  return tableOf(rows, widths)
}

export const gap = (): Paragraph => new Paragraph({ spacing: { before: 0, after: 0, line: 160, lineRule: 'exact' }, children: [] })

/** Packs the blocks into one A4 document. */
export async function packPaper(blocks: readonly Block[], about: { title: string; number: string }): Promise<Uint8Array> {
  const paper = new Document({
    creator: '长白',
    title: about.title,
    description: about.number,
    styles: { default: { document: { run: { font: TEXT, size: SIZE.text, language: { eastAsia: 'zh-CN', value: 'zh-CN' } } } } },
    sections: [
      {
        properties: { page: { size: { width: Math.round(210 * MM), height: Math.round(297 * MM) }, margin: MARGIN } },
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                alignment: AlignmentType.CENTER,
                children: [
                  run('— ', { size: 28 }),
                  new TextRun({ children: [PageNumber.CURRENT], font: TEXT, size: 28 }),
                  run(' —', { size: 28 }),
                ],
              }),
            ],
          }),
        },
        children: [...blocks],
      },
    ],
  })
  return new Uint8Array(await Packer.toBuffer(paper))
}

/** 2026年9月18日 */
export const chineseDay = (day: Temporal.PlainDate): string => `${day.year}年${day.month}月${day.day}日`
