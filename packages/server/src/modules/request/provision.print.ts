import { matterKindNames } from '@changbai/contract/forms.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import {
  type Block,
  bureauBlock,
  chineseDay,
  emptyTotals,
  enclosuresOf,
  gap,
  headingOf,
  noteOf,
  numeral,
  opinionBlocks,
  type Paper,
  packPaper,
  pairsOf,
  reviewsOf,
  sectionBlocks,
  signaturesOf,
  titleOf,
  totalsPairs,
} from '../admission/index.ts'
import { listChoices } from './choices.ts'
import { provisionShape } from './domain/provision.ts'
import { findRequest } from './request.store.ts'

/** 《吉林省政务云资源开通申请表》 */
export async function printProvision(ctx: Ctx, { content, attachments, matter }: Paper): Promise<{ name: string; bytes: Uint8Array }> {
  const row = await findRequest(ctx.db, matter.id)
  const title = '吉林省政务云资源开通申请表'
  const choices = await listChoices(ctx)
  const namesOf = (items: readonly { id: string; name: string }[]) => Object.fromEntries(items.map((one) => [one.id, one.name]))
  const words = {
    flavorId: namesOf(choices.flavors),
    imageId: namesOf(choices.images),
    az: namesOf(choices.zones),
    modelId: namesOf(choices.models),
    backupPolicyId: namesOf(choices.backupPolicies),
  }
  const blocks: Block[] = [
    titleOf(title),
    pairsOf([
      { label: '单号', value: matter.number },
      { label: '填表日期', value: chineseDay(shanghaiDay(row?.submitted_at ?? ctx.now)) },
      { label: '申请单位', value: matter.tenantName },
      { label: '申请类型', value: row ? matterKindNames[row.kind].zh : '' },
      { label: '应用系统', value: row?.app_name ?? '' },
      { label: '准入号', value: row?.admission_no ?? '' },
      { label: '项目经理', value: matter.applicantName },
      { label: '等保级别', value: row?.mlps_level ? `${row.mlps_level} 级` : '—' },
    ]),
    gap(),
  ]
  let index = 0
  for (const section of provisionShape.sections) {
    const fields = section.fields.filter((field) => !(section.id === '7' && !content[field]))
    const isEmptyList =
      ['2', '3', '4', '5', '6'].includes(section.id) &&
      !(Array.isArray(content[fields[0] ?? '']) && (content[fields[0] ?? ''] as unknown[]).length > 0)
    if (isEmptyList) continue
    index += 1
    blocks.push(
      headingOf(`${numeral(index)}、${section.zh}`),
      ...sectionBlocks(provisionShape, fields, content, { words, files: attachments, under: section.zh }),
    )
    if (section.id === '7') blocks.push(pairsOf(totalsPairs({ ...emptyTotals(), ...row?.totals })))
  }
  if (attachments.length > 0) blocks.push(headingOf(`${numeral(index + 1)}、附件`), ...enclosuresOf(attachments))
  blocks.push(
    headingOf(`${numeral(index + (attachments.length > 0 ? 2 : 1))}、处理意见`),
    signaturesOf([
      await bureauBlock(ctx, 'request', matter.id),
      ...opinionBlocks(await reviewsOf(ctx.db, 'request', matter.id), [
        { node: 'preReview', title: '运营管理方\n预审' },
        { node: 'technicalReview', title: '运维管理方\n技术评审' },
        { node: 'capacityReview', title: '建设管理方\n容量评审' },
        { node: 'customerApprove', title: '省电子政务办\n审批', stamp: true },
        { node: 'leaderApprove', title: '省电子政务办\n领导加批' },
      ]),
    ]),
    noteOf('注：虚拟机自接到工单之日起 2 个工作日内、物理机 7 个工作日内完成分配；合计中虚拟机磁盘计入块存储。'),
  )
  return { name: `${row?.app_name ?? ''}资源开通申请表.docx`, bytes: await packPaper(blocks, { title, number: matter.number }) }
}
