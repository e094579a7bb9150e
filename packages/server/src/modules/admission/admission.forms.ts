import type { Consequence } from '@changbai/contract/forms.ts'
import { progressOf, textOf } from '@changbai/contract/gaps.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { mayEditForm, reachAdmission, showContent } from './admission.service.ts'
import { type AdmissionRow, findAdmission } from './admission.store.ts'
import { holderOfCode } from './code-holder.ts'
import { admissionGaps, admissionShape, leaderReasons, outOfScope } from './domain/admission.ts'
import { catalogCalculations } from './domain/calculations.ts'
import { catalogGaps, catalogProgress, catalogShape, catalogTotals, emptyTotals } from './domain/catalog.ts'
import { type Assessment, registerFormKind, registerMatter } from './form.kinds.ts'
import { readForm } from './form.service.ts'
import type { FormRow } from './form.store.ts'
import { leaderLimits, maxMlpsLevel } from './limits.ts'
import { printAdmission } from './print/admission.print.ts'
import { printCatalog } from './print/catalog.print.ts'

async function duplicateOf(ctx: Ctx, row: AdmissionRow, form: FormRow): Promise<Consequence[]> {
  const holder = await holderOfCode(ctx, row, form.content)
  if (!holder) return []
  const { code, number } = holder
  const message = number
    ? { zh: `编码 ${code} 已有准入 ${number}，扩容请另选“扩容”`, en: `Code ${code} already has ${number}; choose “expansion” for more` }
    : { zh: `编码 ${code} 已被占用，请核对或换一个`, en: `Code ${code} is taken; check it or choose another` }
  return [{ code: 'DUPLICATE_APPLICATION', message }]
}

async function assessAdmission(ctx: Ctx, form: FormRow, files: ReadonlySet<string>): Promise<Assessment> {
  const row = await findAdmission(ctx.db, form.subjectId)
  const kind = row?.kind ?? 'NEW'
  const gaps = admissionGaps(form.content, files, kind, maxMlpsLevel(ctx))
  const totals = { ...emptyTotals(), ...row?.totals }
  const out = outOfScope(form.content, maxMlpsLevel(ctx))
  const leader = out.length > 0 ? [] : leaderReasons({ kind, mlpsLevel: row?.mlps_level ?? null, totals }, leaderLimits(ctx))
  return {
    gaps,
    sections: progressOf(admissionShape, form.content, files, gaps),
    totals: null,
    calculations: [],
    consequences: [...out, ...(row ? await duplicateOf(ctx, row, form) : []), ...leader],
  }
}

async function assessCatalog(ctx: Ctx, form: FormRow, files: ReadonlySet<string>): Promise<Assessment> {
  const row = form.subjectType === 'admission' ? await findAdmission(ctx.db, form.subjectId) : undefined
  const gaps = catalogGaps(form.content, files, form.forKind)
  const totals = catalogTotals(form.content)
  const mlpsLevel = typeof form.content.mlpsLevel === 'number' ? form.content.mlpsLevel : null
  if (row) {
    const stated = (await readForm(ctx, row.form_id)).content.mlpsLevel
    if (typeof stated === 'number' && mlpsLevel !== null && stated !== mlpsLevel)
      gaps.push({
        section: '1',
        path: 'mlpsLevel',
        code: 'RULE',
        message: { zh: `等保级别：与准入申请（${stated} 级）不一致`, en: `MLPS level: the admission form says ${stated}` },
      })
  }
  return {
    gaps,
    sections: catalogProgress(form.content, files, gaps, form.forKind),
    totals,
    calculations: catalogCalculations(form.content, form.forKind),
    consequences: leaderReasons({ kind: row?.kind ?? form.forKind, mlpsLevel, totals }, leaderLimits(ctx)),
  }
}

/** Tells the form machinery of the two forms and of admissions as their matter. */
export function registerAdmissionForms(): void {
  registerFormKind({
    kind: 'ADMISSION',
    shape: admissionShape,
    titleOf: (content) => `${textOf(content.appName) || '（未命名系统）'} 准入申请`,
    assess: assessAdmission,
    print: printAdmission,
  })
  registerFormKind({
    kind: 'CATALOG',
    shape: catalogShape,
    titleOf: (content) => textOf(content.title) || '系统能力目录',
    assess: assessCatalog,
    print: printCatalog,
  })
  registerMatter({
    type: 'admission',
    reach: reachAdmission,
    mayEdit: (ctx, id, _formId, field) => mayEditForm(ctx, id, field),
    contentSaved: showContent,
  })
}
