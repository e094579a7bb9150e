import { z } from 'zod'
import { Bilingual } from './calendar.ts'
import { can, endpoint, instant } from './endpoint.ts'

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
