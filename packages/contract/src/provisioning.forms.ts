import { z } from 'zod'
import { text } from './endpoint.ts'

/** What people fill in at each step of the process; sent as `data` of the task's completion. Outcomes stand beside each form. */
export const provisioningForms = {
  /** C2 核单. Outcomes: ACCEPT, RETURN (the clock goes on). */
  'provisioning.verify': z.object({
    comment: text(2000).default(''),
    returnReason: text(2000).optional(),
    attribution: z.enum(['APPLICATION', 'PROVIDER', 'CUSTOMER']).optional(),
  }),
  /** C2 退回后应用方补充. Outcomes: RESUBMIT, CANCEL. */
  'provisioning.clarify': z.object({ comment: text(2000, 1) }),
  /** C3b, and every line the driver cannot make. Outcome: DONE. */
  'provisioning.manualLines': z.object({
    lines: z.array(
      z.object({
        lineId: z.uuid(),
        checked: z.array(z.object({ key: text(60, 1), note: text(500).default('') })).max(60),
        result: z
          .array(
            z.object({
              name: text(100, 1),
              addresses: z.array(text(60, 1)).max(20).default([]),
              /** Serial number, rack and unit, BMC address, share path ... */
              facts: z.record(text(40, 1), text(200)).default({}),
              /** Sign-in to hand over; stored encrypted, shown once. */
              account: z.object({ user: text(100, 1), password: z.string().min(8).max(200) }).optional(),
            }),
          )
          .max(200),
      }),
    ),
    comment: text(2000).default(''),
  }),
  /** C4 处置. Outcomes: RETRY, MANUAL (failed lines are done by people), SPLIT (deliver what is ready, the rest goes on with the same clock), CANCEL. */
  'provisioning.manualFix': z.object({ comment: text(2000, 1) }),
  /** C5 自检. Outcomes: PASS, FAIL. */
  'provisioning.selfCheck': z.object({
    items: z
      .array(z.object({ lineId: z.uuid(), key: text(60, 1), ok: z.boolean(), found: text(500).default('') }))
      .min(1)
      .max(2000),
    comment: text(2000).default(''),
  }),
  /** C7 签收. Outcome: ACK. */
  'provisioning.ackShare': z.object({ comment: text(2000).default('') }),
  /** C8 验收. Outcomes: ACCEPT, OBJECT. */
  'provisioning.accept': z.object({
    comment: text(2000).default(''),
    objections: z
      .array(z.object({ lineId: z.uuid(), text: text(2000, 1) }))
      .max(200)
      .default([]),
  }),
  /** C8 整改. Outcomes: FIXED, REBUILD (lines objected to are made again). */
  'provisioning.rectify': z.object({ comment: text(2000, 1) }),
  /** C8 逾期处理. Outcomes: WAIT, APPLY_DEFAULT. */
  'provisioning.overdueAcceptance': z.object({ comment: text(2000, 1) }),
  /** C8 默认验收由甲方同意. Outcomes: APPROVE, REJECT. */
  'provisioning.defaultAcceptance': z.object({ comment: text(2000).default('') }),
  /** 三方启动测试确认: one task a party. Outcome: SIGN. */
  'provisioning.launchTest': z.object({ comment: text(2000).default('') }),
  /** C9 转正式. Outcomes: GO_LIVE, EXTEND (thirty more days). */
  'provisioning.endTrial': z.object({ comment: text(2000).default('') }),
} as const
export type ProvisioningForm = keyof typeof provisioningForms
