import type { DraftContent } from '@changbai/contract/forms.ts'
import { textOf } from '@changbai/contract/gaps.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type AdmissionRow, admissionOfCode } from './admission.store.ts'

/**
 * Who holds the application code that a form states, if anybody does; an expansion shares the code of its system.
 * @returns the number to tell, or null when the holder is another bureau: whose it is, and under which number, is not theirs to know
 */
export async function holderOfCode(
  ctx: Ctx,
  row: Pick<AdmissionRow, 'id' | 'kind' | 'tenant_id'>,
  content: DraftContent,
): Promise<{ code: string; number: string | null } | undefined> {
  const code = textOf(content.appCode)
  const other = row.kind === 'EXPANSION' || code === '' ? undefined : await admissionOfCode(ctx.db, code, row.id)
  return other && { code, number: other.tenant_id === row.tenant_id ? (other.admission_no ?? other.number) : null }
}
