import { z } from 'zod'
import { Bilingual } from './calendar.ts'
import { can, endpoint, instant } from './endpoint.ts'
import { DataClass } from './exports.ts'

/** OUTSIDE: kept by deployment or management, of which the platform has no evidence of its own. */
export const ControlState = z.enum(['KEPT', 'PARTLY', 'NOT_KEPT', 'OUTSIDE'])
export type ControlState = z.infer<typeof ControlState>

export const Control = z.object({
  id: z.string(),
  /** Where the standard asks for it. */
  source: z.string(),
  title: Bilingual,
  /** How it is kept. */
  means: Bilingual,
  state: ControlState,
  /** What was found just now, each with the page that shows it. */
  evidence: z.array(z.object({ says: Bilingual, isWell: z.boolean(), page: z.string().nullable() })),
})
export type Control = z.infer<typeof Control>

/** A class of data, and what it asks for. */
export const DataClassView = z.object({
  dataClass: DataClass,
  title: Bilingual,
  /** What belongs to it. */
  means: Bilingual,
  /** How it is shown, kept and let out. */
  masked: Bilingual,
  encrypted: Bilingual,
  exported: Bilingual,
  columns: z.int(),
  /** Columns by table; only of classes that ask for care. `values`: rows by the key that sealed them, `''` not sealed; null: not encrypted. */
  places: z.array(
    z.object({ table: z.string(), column: z.string(), values: z.record(z.string(), z.int()).nullable(), why: z.string().nullable() }),
  ),
  exports: z.array(z.object({ path: z.string(), title: Bilingual, needsApproval: z.boolean() })),
})
export type DataClassView = z.infer<typeof DataClassView>

/** What an assessor of information security looks for (GB/T 22239 level 3, GB/T 39786). */
export const assuranceApi = {
  controls: endpoint({
    method: 'GET',
    path: '/controls',
    summary: '安全控制项与当前证据',
    access: can('assurance.read', 'R'),
    input: z.object({}),
    reply: z.object({ at: instant, controls: z.array(Control) }),
  }),
  dataClasses: endpoint({
    method: 'GET',
    path: '/controls/data-classes',
    summary: '数据类别、各列的标签，以及类别决定的打码、加密与导出审批',
    access: can('assurance.read', 'R'),
    input: z.object({}),
    reply: z.object({
      at: instant,
      classes: z.array(DataClassView),
      /** Who sees numbers whole, who may look one up. */
      whole: z.array(z.string()),
      lookUp: z.array(z.string()),
      /** Numbers looked up within 90 days, each with its reason in the ledger. */
      revealedNinetyDays: z.int(),
    }),
  }),
  export: endpoint({
    method: 'POST',
    path: '/controls/audit-export',
    summary: '审计资料一次导出：账号、授权与审批、职责分离、复核、日志留存、备份与演练、控制项（xlsx；留痕）',
    access: can('audit.export', 'X'),
    input: z.object({}),
    reply: z.unknown(),
    kind: 'download',
  }),
} as const
