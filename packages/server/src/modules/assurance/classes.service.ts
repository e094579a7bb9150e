import type { assuranceApi, DataClassView } from '@changbai/contract/assurance.ts'
import { capabilityMatrix, type Role, type Verb } from '@changbai/contract/capability.ts'
import type { Reply } from '@changbai/contract/endpoint.ts'
import type { DataClass } from '@changbai/contract/exports.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { dataTags } from '../../platform/data-tags.ts'
import { sealedCounts } from '../../platform/reseal.ts'
import { countFacts } from './assurance.store.ts'
import type { Setting } from './audit-pages.ts'
import { CLASS_ORDER, classNames, EXPORTS, needsApproval } from './exports.domain.ts'
import { exportClass, limitsOf } from './exports.service.ts'

type Words = DataClassView['title']
const MEANS: Readonly<Record<DataClass, Words>> = {
  public: { zh: '对外公开的文字与参数', en: 'Words and settings anybody may know' },
  internal: { zh: '日常业务记录：单号、状态、时间、数量', en: 'Records of daily work: numbers, states, times, quantities' },
  sensitive: {
    zh: '能打开门或指出门在哪里：凭据、密钥、地址、网段',
    en: 'Opens a door, or shows where one is: credentials, keys, addresses, networks',
  },
  personal: { zh: '涉及个人：姓名、所写内容、登录来源', en: 'About a person: names, what they wrote, where they signed in from' },
  contact: { zh: '联系方式与写有联系方式的表单', en: 'How a person is reached, and forms that say so' },
}
const MASKED: Words = {
  zh: '页面上打码；值班与服务台看全号，其他人逐条说明用途后查看并留痕；表格中一律打码',
  en: 'Masked on pages; the desk and those on duty see it whole, others look up one at a time with a reason on record; masked in every sheet',
}
const PLAIN: Words = { zh: '按角色与范围可见', en: 'Shown by role and scope' }
const ENCRYPTED: Readonly<Record<DataClass, Words>> = {
  public: { zh: '不加密', en: 'Not encrypted' },
  internal: { zh: '不逐列加密', en: 'Not encrypted by column' },
  sensitive: { zh: '凭据与密钥按用途加密或只存摘要', en: 'Credentials and keys are sealed for a purpose, or kept as a digest' },
  personal: { zh: '不逐列加密；事实入账前去掉号码', en: 'Not encrypted by column; facts hold no numbers' },
  contact: { zh: '逐列加密，密钥有名可轮换', en: 'Encrypted by column under named keys that rotate' },
}
const rolesWith = (verb: Verb): string[] => {
  const row = capabilityMatrix['personal.contact'] as Partial<Record<Role, readonly Verb[]>>
  return (Object.keys(row) as Role[]).filter((role) => row[role]?.includes(verb))
}

/** What each class of data asks for, and where it is; every line is read from where the rule itself is read. */
export const classReader =
  ({ sealed, notSealed }: Setting) =>
  async (ctx: Ctx): Promise<Reply<(typeof assuranceApi)['dataClasses']>> => {
    const limits = limitsOf(ctx)
    const counts = new Map((await sealedCounts(ctx.db, sealed)).map(({ place, byKey }) => [place, byKey]))
    const placed = dataTags.flatMap(({ table, columns }) => columns.map(({ name, dataClass }) => ({ table, column: name, dataClass })))
    const classes = CLASS_ORDER.map((dataClass): DataClassView => {
      const mine = placed.filter((one) => one.dataClass === dataClass)
      const asks = needsApproval(limits, { rows: null, dataClass })
      return {
        dataClass,
        title: classNames[dataClass],
        means: MEANS[dataClass],
        masked: dataClass === 'contact' ? MASKED : PLAIN,
        encrypted: ENCRYPTED[dataClass],
        exported: asks
          ? { zh: '每次导出须另一人批准', en: 'Every export needs a second person' }
          : { zh: `${limits.rows} 行起须另一人批准`, en: `From ${limits.rows} rows on an export needs a second person` },
        columns: mine.length,
        places: (dataClass === 'public' || dataClass === 'internal' ? [] : mine).map(({ table, column }) => ({
          table,
          column,
          values: counts.get(`${table}.${column}`) ?? null,
          why: notSealed[`${table}.${column}`] ?? null,
        })),
        exports: Object.entries(EXPORTS)
          .filter(([path]) => exportClass(path) === dataClass)
          .map(([path, { title }]) => ({ path, title, needsApproval: asks })),
      }
    })
    const since = ctx.now.subtract({ hours: 24 * 90 })
    return {
      at: ctx.now.toString(),
      classes,
      whole: rolesWith('R'),
      lookUp: rolesWith('X').filter((role) => !rolesWith('R').includes(role)),
      revealedNinetyDays: await countFacts(ctx.db, ['personal.revealed'], since),
    }
  }
