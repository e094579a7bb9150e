import { textOf as typed } from '@changbai/contract/gaps.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { catalogCalculations } from '../domain/calculations.ts'
import { catalogShape, catalogTotals } from '../domain/catalog.ts'
import type { Paper } from '../form.kinds.ts'
import { enclosuresOf, numeral, sectionBlocks, totalsPairs } from './paper.ts'
import {
  type Block,
  chineseDay,
  gap,
  headingOf,
  noteOf,
  packPaper,
  pairsOf,
  type SignatureBlock,
  signaturesOf,
  subHeadingOf,
  titleOf,
} from './word.ts'

const dayOf = (value: unknown): string => {
  const text = typed(value)
  return /^\d{4}-\d\d-\d\d$/.test(text) ? chineseDay(Temporal.PlainDate.from(text)) : '—'
}

/** 《XXXX系统能力目录》, all sections of clause 4.2 in order; the one of sections 4 and 5 that does not apply is left out. */
export async function printCatalog(_ctx: Ctx, { form, content, attachments, matter }: Paper): Promise<{ name: string; bytes: Uint8Array }> {
  const title = typed(content.title) || '系统能力目录'
  const notApplicable = form.forKind === 'EXPANSION' ? '4' : '5'
  const blocks: Block[] = [
    titleOf(title),
    pairsOf([
      { label: '单号', value: matter.number },
      { label: '类型', value: form.forKind === 'EXPANSION' ? '扩容系统' : '新建系统' },
      { label: '编制单位', value: matter.tenantName },
      { label: '编制人', value: typed(content.preparedBy) || '—' },
      { label: '编制日期', value: dayOf(content.preparedOn) },
      { label: '版次', value: `第 ${form.rev} 稿` },
    ]),
  ]
  const sections = catalogShape.sections.filter((section) => section.id !== '0' && section.id !== notApplicable)
  sections.forEach((section, index) => {
    blocks.push(headingOf(`${numeral(index + 1)}、${section.zh}`))
    blocks.push(
      ...sectionBlocks(catalogShape, section.fields, content, { files: attachments, skip: new Set(['noneDeclared']), under: section.zh }),
    )
    if (section.id === '4' || section.id === '5') blocks.push(...calculationBlocks(content, form.forKind))
    if (section.id === '6')
      blocks.push(
        subHeadingOf('所需合计'),
        pairsOf(totalsPairs(catalogTotals(content))),
        noteOf('合计由部署全景各行相加得出，虚拟机磁盘计入块存储。'),
      )
  })
  if (attachments.length > 0) blocks.push(headingOf(`${numeral(sections.length + 1)}、附件`), ...enclosuresOf(attachments))
  const frames: SignatureBlock[] = [
    { title: '编制人', opinion: '', by: typed(content.preparedBy), on: dayOf(content.preparedOn) },
    { title: '编制单位\n负责人', opinion: '', by: '', on: '', stamp: true },
  ]
  blocks.push(gap(), signaturesOf(frames))
  return { name: `${title.replace(/[《》\\/:*?"<>|]/g, '')}.docx`, bytes: await packPaper(blocks, { title, number: matter.number }) }
}

function calculationBlocks(content: Paper['content'], kind: 'NEW' | 'EXPANSION'): Block[] {
  const done = catalogCalculations(content, kind).filter((one) => one.result !== null)
  if (done.length === 0) return []
  const names: Readonly<Record<string, string>> = {
    SERVERS: '应用服务器',
    STORAGE_GROWTH: '存储累计',
    LOG_SPACE: '日志空间',
    EXPANSION: '业务量增长',
  }
  return [
    subHeadingOf('推算'),
    pairsOf(
      done.map((one) => ({
        label: names[one.key] ?? one.key,
        value: `${one.formula} = ${one.result?.toLocaleString('en-US')} ${one.unit}（${one.explanation.zh}）`,
        wide: true,
      })),
    ),
    gap(),
  ]
}
