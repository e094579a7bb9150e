import { matterKindNames } from '@changbai/contract/forms.ts'
import { textOf as typed } from '@changbai/contract/gaps.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { SHANGHAI, shanghaiDay } from '../../../platform/time.ts'
import { findAdmission } from '../admission.store.ts'
import { admissionShape } from '../domain/admission.ts'
import { emptyTotals } from '../domain/catalog.ts'
import type { Paper } from '../form.kinds.ts'
import { type MatterType, type ReviewRow, reviewsOf, signaturesOf as signedBy } from '../matter.store.ts'
import { enclosuresOf, numeral, sectionsOf, totalsPairs } from './paper.ts'
import { type Block, chineseDay, headingOf, noteOf, packPaper, pairsOf, type SignatureBlock, signaturesOf, titleOf } from './word.ts'

const dayOf = (at: Temporal.Instant): string => chineseDay(at.toZonedDateTimeISO(SHANGHAI).toPlainDate())
const RESULT: Readonly<Record<string, string>> = {
  APPROVE: '同意',
  REJECT: '不同意',
  RETURN: '退回补正',
  READY: '容量已备',
  CANNOT: '容量无法补足',
}

/** The blocks to sign: what was said last at each step, or an empty frame for the pen. */
export function opinionBlocks(
  reviews: readonly ReviewRow[],
  steps: readonly { node: string; title: string; stamp?: boolean }[],
): SignatureBlock[] {
  return steps.map(({ node, title, stamp }) => {
    const said = reviews.filter((review) => review.node === node).at(-1)
    const opinion = said ? `${RESULT[said.result] ?? ''}${said.comment ? `。${said.comment}` : ''}` : ''
    return { title, opinion, by: said?.byName ?? '', on: said ? dayOf(said.at) : '', ...(stamp ? { stamp } : {}) }
  })
}

/** The bureau's own block: its last signature. */
export async function bureauBlock(ctx: Ctx, type: MatterType, id: string): Promise<SignatureBlock> {
  const signed = (await signedBy(ctx.db, type, id)).at(-1)
  const means = signed?.means === 'LETTER' ? `盖章公函${signed.letterNo ? ` ${signed.letterNo}` : ''}` : '电子确认'
  return {
    title: '申请单位\n意见',
    opinion: signed ? `情况属实，同意申请（${means}）。` : '',
    by: signed?.name ?? '',
    on: signed ? dayOf(signed.at) : '',
    stamp: true,
  }
}

/** 《资源申请准入申请表》 */
export async function printAdmission(ctx: Ctx, { content, attachments, matter }: Paper): Promise<{ name: string; bytes: Uint8Array }> {
  const row = await findAdmission(ctx.db, matter.id)
  const reviews = await reviewsOf(ctx.db, 'admission', matter.id)
  const title = '吉林省政务云资源申请准入表'
  const parts = sectionsOf(admissionShape, content, { files: attachments, leaveOut: new Set(['4']) })
  const blocks: Block[] = [
    titleOf(title),
    pairsOf([
      { label: '单号', value: matter.number },
      { label: '填表日期', value: chineseDay(shanghaiDay(row?.submitted_at ?? ctx.now)) },
      { label: '申请单位', value: matter.tenantName },
      { label: '申请类型', value: row ? matterKindNames[row.kind].zh : '' },
      { label: '申请人', value: matter.applicantName },
      { label: '准入号', value: row?.admission_no ?? '（批准后生成）' },
    ]),
    ...parts,
    headingOf(`${numeral(4)}、初估资源`),
    pairsOf(totalsPairs({ ...emptyTotals(), ...row?.totals })),
    ...(attachments.length > 0 ? [headingOf(`${numeral(5)}、附件`), ...enclosuresOf(attachments)] : []),
    headingOf(`${numeral(attachments.length > 0 ? 6 : 5)}、审核意见`),
    signaturesOf([
      await bureauBlock(ctx, 'admission', matter.id),
      ...opinionBlocks(reviews, [
        { node: 'formalReview', title: '运营管理方\n形式审查' },
        { node: 'technicalReview', title: '运维管理方\n技术与安全\n审查' },
        { node: 'capacityReview', title: '建设管理方\n容量审查' },
        { node: 'customerReview', title: '省电子政务办\n审核', stamp: true },
        { node: 'leaderApprove', title: '省电子政务办\n领导批示' },
      ]),
    ]),
    noteOf('注：等保三级系统须附密码应用方案；涉密系统和等保四级（含）以上系统不上政务云。'),
  ]
  const name = `${typed(content.appName) || '未命名系统'}准入申请表.docx`
  return { name, bytes: await packPaper(blocks, { title, number: matter.number }) }
}
