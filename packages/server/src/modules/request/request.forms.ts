import type { Consequence } from '@changbai/contract/forms.ts'
import { progressOf, textOf } from '@changbai/contract/gaps.ts'
import type { Ctx } from '../../platform/ctx.ts'
import {
  type Assessment,
  catalogTotals,
  type FormRow,
  leaderLimits,
  leaderReasons,
  readForm,
  registerFormKind,
  registerMatter,
} from '../admission/index.ts'
import { factsFor } from './choices.ts'
import { checkProvision, provisionShape, securityPackage } from './domain/provision.ts'
import { printProvision } from './provision.print.ts'
import { mayEditForm, reachRequest, showContent } from './request.service.ts'
import { findRequest } from './request.store.ts'

/** Environments that end by themselves, and after how many days unless a day is given. */
const SHORT_LIVED = new Set(['TEST', 'DEV'])

async function assessProvision(ctx: Ctx, form: FormRow, files: ReadonlySet<string>): Promise<Assessment> {
  const row = await findRequest(ctx.db, form.subjectId)
  if (!row) throw new Error(`form ${form.id} belongs to no request`)
  const catalog = await readForm(ctx, row.catalog_id)
  const facts = await factsFor(ctx, { kind: row.kind, catalogTotals: catalogTotals(catalog.content) })
  const { gaps, totals, checks } = checkProvision(form.content, files, facts)
  const consequences: Consequence[] = leaderReasons({ kind: row.kind, mlpsLevel: row.mlps_level, totals }, leaderLimits(ctx))
  for (const check of checks.filter((one) => !one.within))
    consequences.push({
      code: 'DEVIATION',
      message: {
        zh: `${check.label.zh} ${check.form} ${check.unit}，目录为 ${check.catalog} ${check.unit}，须说明`,
        en: `${check.label.en}: ${check.form} ${check.unit} against ${check.catalog} in the catalogue, to be explained`,
      },
    })
  if (SHORT_LIVED.has(textOf(form.content.env))) {
    const days = ctx.plan.number('provisioning.testLeaseDays')
    consequences.push({
      code: 'LEASE_DEFAULT',
      message: {
        zh: `测试和开发环境默认 ${days} 天到期，到期前提醒续期`,
        en: `Test and development end after ${days} days by default, with a reminder before`,
      },
    })
  }
  const missing = securityPackage(row.mlps_level).length - (Array.isArray(form.content.secItems) ? form.content.secItems.length : 0)
  if (missing > 0)
    consequences.push({
      code: 'SECURITY_PACKAGE',
      message: {
        zh: `等保${row.mlps_level ?? 1}级默认安全服务还差 ${missing} 项`,
        en: `${missing} of the default security services of level ${row.mlps_level ?? 1} are left out`,
      },
    })
  return { gaps, sections: progressOf(provisionShape, form.content, files, gaps), totals, calculations: [], consequences }
}

export function registerRequestForms(): void {
  registerFormKind({
    kind: 'PROVISION_FORM',
    shape: provisionShape,
    titleOf: () => '吉林省政务云资源开通申请表',
    assess: assessProvision,
    print: printProvision,
  })
  registerMatter({
    type: 'request',
    reach: reachRequest,
    mayEdit: (ctx, id, _formId, field) => mayEditForm(ctx, id, field),
    contentSaved: showContent,
  })
}
