import type { Calculation, Consequence, DraftContent, FormKind, Gap, SectionProgress, Totals } from '@changbai/contract/forms.ts'
import type { FormShape } from '@changbai/contract/gaps.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { tenantNames } from '../identity/index.ts'
import type { FormRow, KeptAttachment } from './form.store.ts'

/** What the rules of a kind of form say about its content. */
export interface Assessment {
  sections: SectionProgress[]
  gaps: Gap[]
  totals: Totals | null
  calculations: Calculation[]
  consequences: Consequence[]
}

/** One kind of form: its shape, its rules, its paper. */
export interface FormKindRules {
  kind: FormKind
  shape: FormShape
  titleOf(content: DraftContent): string
  assess(ctx: Ctx, form: FormRow, files: ReadonlySet<string>): Promise<Assessment>
  /** The Word document of the content, ready to hand in. */
  print(ctx: Ctx, paper: Paper): Promise<{ name: string; bytes: Uint8Array }>
}

export interface Paper {
  form: FormRow
  content: DraftContent
  attachments: readonly KeptAttachment[]
  matter: Matter
}

/** The matter a form belongs to: who may see it, who may change it now. */
export interface Matter {
  type: 'admission' | 'request'
  id: string
  number: string
  tenantId: string
  tenantName: string
  applicantName: string
}
export interface MatterRules {
  type: Matter['type']
  /** The matter's row. @throws not-found for rows out of reach */
  reach(ctx: Ctx, id: string): Promise<{ number: string; tenant_id: string; applicant_name: string }>
  /** May the actor change fields now; for a file field, may they attach to it now. */
  mayEdit(ctx: Ctx, id: string, formId: string, field: string | null): Promise<boolean>
  /** The content changed: keep what the matter's own row shows of it. */
  contentSaved(ctx: Ctx, form: FormRow): Promise<void>
}

const kinds = new Map<FormKind, FormKindRules>()
const matters = new Map<Matter['type'], MatterRules>()

/** Registered once at start, by the module that owns the form or the matter. */
export const registerFormKind = (rules: FormKindRules): void => void kinds.set(rules.kind, rules)
export const registerMatter = (rules: MatterRules): void => void matters.set(rules.type, rules)

/** The matter a form belongs to, as papers and pages name it. @throws not-found for rows out of reach */
export async function matterFor(ctx: Ctx, type: Matter['type'], id: string): Promise<Matter> {
  const row = await matterRulesOf(type).reach(ctx, id)
  const names = await tenantNames(ctx, [row.tenant_id])
  return {
    type,
    id,
    number: row.number,
    tenantId: row.tenant_id,
    tenantName: names.get(row.tenant_id) ?? '',
    applicantName: row.applicant_name,
  }
}

export function rulesOf(kind: FormKind): FormKindRules {
  const rules = kinds.get(kind)
  if (!rules) throw new Error(`no rules for forms of kind ${kind}`)
  return rules
}
export function matterRulesOf(type: Matter['type']): MatterRules {
  const rules = matters.get(type)
  if (!rules) throw new Error(`no rules for matters of type ${type}`)
  return rules
}
