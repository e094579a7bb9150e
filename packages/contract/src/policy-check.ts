import { z } from 'zod'
import { AlarmLevel } from './alarm.shapes.ts'
import { Bilingual } from './calendar.ts'
import { can, endpoint, instant, text } from './endpoint.ts'
import { commonProblems, problem } from './problem.ts'

export const policyCheckProblems = {
  deviates: problem('policy-check.deviates', 409, {
    zh: '有 {n} 处与策略不符，不能签为“全部生效”；请写明处理情况',
    en: '{n} probes contradict the policy: it cannot be signed as in force; say what is done about them',
  }),
  noFinding: problem('policy-check.no-finding', 422, {
    zh: '没有探测数据或有不符之处时，须写明核查方法与处理情况',
    en: 'Without probes, or with deviations, say how it was checked and what is done',
  }),
}

const month = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/)

/** A port that must be closed is open, or one that must be open is closed. */
export const PolicyProbe = z.object({
  kind: z.enum(['CLOSED', 'OPEN']),
  /** What was tried, as the probe names it: an address with its port. */
  target: z.string(),
  policy: z.string(),
  ok: z.boolean(),
  at: instant,
})
export type PolicyProbe = z.infer<typeof PolicyProbe>
export const PolicySummary = z.object({
  at: instant,
  /** Newest word of each probe of the last day. */
  closed: z.int(),
  open: z.int(),
  /** Probes that say otherwise now. */
  deviating: z.array(PolicyProbe),
  /** What was wrong at any time of the month. */
  alarms: z.array(
    z.object({
      id: z.uuid(),
      level: AlarmLevel,
      title: Bilingual,
      objectName: z.string(),
      firedAt: instant,
      closedAt: instant.nullable(),
    }),
  ),
})
export type PolicySummary = z.infer<typeof PolicySummary>
export const PolicyCheck = z.object({
  id: z.uuid(),
  month,
  outcome: z.enum(['IN_FORCE', 'DEVIATIONS']),
  finding: z.string(),
  summary: PolicySummary,
  byName: z.string(),
  at: instant,
})
export type PolicyCheck = z.infer<typeof PolicyCheck>

export const policyCheckApi = {
  read: endpoint({
    method: 'GET',
    path: '/policy-checks',
    summary: '安全策略核查：正向与反向探测的现状、当月告警、已签核查单',
    access: can('monitor.read', 'R'),
    input: z.object({ month: month.optional() }),
    reply: z.object({
      month,
      /** Of the running month only: an earlier one shows what was signed. */
      summary: PolicySummary.nullable(),
      probes: z.array(PolicyProbe),
      items: z.array(PolicyCheck),
    }),
  }),
  sign: endpoint({
    method: 'POST',
    path: '/policy-checks',
    summary: '签署本月安全策略核查单',
    access: can('policy.check', 'X'),
    input: z.object({ outcome: PolicyCheck.shape.outcome, finding: text(2000).default('') }),
    reply: PolicyCheck,
    problems: [commonProblems.conflict, policyCheckProblems.deviates, policyCheckProblems.noFinding],
  }),
}
