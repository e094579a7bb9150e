import { z } from 'zod'
import { can, canAny, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { commonProblems, problem } from './problem.ts'

/** One work order a kind: each has its own clock and its own process (service plan 4.3-1). */
export const workOrderKind = z.enum(['VM', 'BAREMETAL', 'STORAGE_NETWORK'])
export type WorkOrderKind = z.output<typeof workOrderKind>
export const workOrderStatus = z.enum([
  'RECEIVED',
  'RETURNED',
  'FULFILLING',
  'FULFILL_FAILED',
  'CHECKING',
  'DELIVERED',
  'ACCEPTED',
  'TRIAL',
  'CLOSED',
  'CANCELLED',
])
export type WorkOrderStatus = z.output<typeof workOrderStatus>
export const lineKind = z.enum(['VM', 'BAREMETAL', 'STORAGE', 'NETWORK', 'SECURITY'])
export type LineKind = z.output<typeof lineKind>
/** MOVED: goes on in a follow-up work order that kept this line's clock. */
export const lineState = z.enum(['PENDING', 'WORKING', 'READY', 'FAILED', 'DELIVERED', 'ACCEPTED', 'MOVED', 'CANCELLED'])
export type LineState = z.output<typeof lineState>
/** DRIVER: the cloud makes it. MANUAL: people do, by a checklist, under the same clock. */
export const lineWay = z.enum(['DRIVER', 'MANUAL'])
export const environment = z.enum(['PROD', 'TEST', 'DEV', 'DR'])

const portRule = z.object({
  src: text(60, 1),
  dst: text(60).default(''),
  proto: z.enum(['TCP', 'UDP', 'ICMP', 'ANY']),
  /** `443`, `8000-8100`, or empty for all ports (ICMP, ANY). */
  port: z.string().regex(/^(\d{1,5}(-\d{1,5})?)?$/),
  purpose: text(200).default(''),
})

/** What one line asks for, as approved. Sizes: GiB, counts; `until` of the lease is the line's. */
export const lineSpec = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('VM'),
    hostName: z.string().regex(/^[a-z][a-z0-9-]{2,40}$/),
    purpose: text(200).default(''),
    vcpu: z.int().min(1).max(64),
    memGiB: z.int().min(1).max(512),
    /** Id or name in the cloud; without one the smallest flavour that fits is taken. */
    flavor: text(100).nullable().default(null),
    image: text(200, 1),
    rootGiB: z.int().min(1).max(500),
    dataDisks: z
      .array(z.object({ gib: z.int().min(1).max(32768), type: z.enum(['SSD', 'SAS', 'SATA']) }))
      .max(16)
      .default([]),
    zone: text(60).default(''),
    antiAffinity: text(60).nullable().default(null),
    count: z.int().min(1).max(50),
    /** How many of them get a public address. */
    publicAddresses: z.int().min(0).max(50).default(0),
  }),
  z.object({
    kind: z.literal('BAREMETAL'),
    /** Inventory id of the model; it must have passed its hardware acceptance test. */
    modelId: text(100, 1),
    modelName: text(200, 1),
    os: text(200, 1),
    raid: text(40, 1),
    count: z.int().min(1).max(50),
    justification: text(2000).default(''),
  }),
  z.object({
    kind: z.literal('STORAGE'),
    storage: z.enum(['BLOCK', 'FILE', 'OBJECT', 'BACKUP']),
    name: text(100).default(''),
    gib: z.int().min(1).max(10_000_000),
    tier: text(40).default(''),
    protocol: text(40).default(''),
    backupPolicy: text(100).default(''),
  }),
  z.object({
    kind: z.literal('NETWORK'),
    zone: text(60, 1),
    cidr: z.cidrv4().nullable().default(null),
    publicAddresses: z.int().min(0).max(50).default(0),
    mbps: z.int().min(0).max(1_000_000).default(0),
    domain: text(200).default(''),
    icp: text(100).default(''),
    rules: z.array(portRule).max(200).default([]),
    loadBalancer: z.boolean().default(false),
  }),
  z.object({ kind: z.literal('SECURITY'), services: z.array(text(60, 1)).min(1).max(20) }),
])
export type LineSpec = z.output<typeof lineSpec>

const who = z.object({ id: z.uuid().nullable(), name: z.string() })

/**
 * A line's promise. `dueAt` comes from the working calendar; `heldDays` working days of an approved suspension are in it already.
 * `met`: null while open and not late.
 */
export const clock = z.object({
  receivedAt: instant,
  workdays: z.int(),
  dueAt: instant,
  dueOn: day,
  provisional: z.boolean(),
  heldDays: z.int(),
  deliveredAt: instant.nullable(),
  met: z.boolean().nullable(),
  clause: z.enum(['4.3-1a', '4.3-1b']),
})

/** One step of making a line: what, with which key, how often tried, what came of it. */
export const provisioningStep = z.object({
  id: z.uuid(),
  seq: z.int(),
  /** As in the cloud: project, volume, server ...; `record` writes the inventory. */
  kind: z.string(),
  name: z.string(),
  state: z.enum(['WAITING', 'ASKED', 'BUILDING', 'DONE', 'FAILED', 'UNDONE']),
  attempts: z.int(),
  adopted: z.boolean(),
  externalId: z.string().nullable(),
  askedAt: instant.nullable(),
  doneAt: instant.nullable(),
  error: z.string().nullable(),
})

export const checkItem = z.object({
  key: z.string(),
  label: z.object({ zh: z.string(), en: z.string() }),
  done: z.boolean(),
  note: z.string(),
})

export const workOrderLine = z.object({
  id: z.uuid(),
  no: z.int(),
  kind: lineKind,
  way: lineWay,
  /** Why people do it, when the driver could not; null otherwise. */
  manualReason: z.string().nullable(),
  state: lineState,
  title: z.string(),
  spec: lineSpec,
  clock,
  steps: z.array(provisioningStep),
  checklist: z.array(checkItem),
  /** What exists now: host names, addresses, ids. */
  result: z.array(
    z.object({
      name: z.string(),
      externalId: z.string().nullable(),
      addresses: z.array(z.string()),
      facts: z.record(z.string(), z.string()),
    }),
  ),
  error: z.string().nullable(),
  usageUntil: day,
  objections: z.array(z.object({ at: instant, by: who, text: z.string() })),
})
export type WorkOrderLine = z.output<typeof workOrderLine>

export const workOrderBrief = z.object({
  id: z.uuid(),
  no: z.string(),
  kind: workOrderKind,
  status: workOrderStatus,
  requestId: z.uuid(),
  requestNo: z.string(),
  applicationId: z.uuid(),
  applicationName: z.string(),
  tenantId: z.uuid(),
  tenantName: z.string(),
  env: environment,
  lines: z.int(),
  linesReady: z.int(),
  clock,
  instanceId: z.uuid().nullable(),
})
export type WorkOrderBrief = z.output<typeof workOrderBrief>

/** The credentials of one server or user. What is secret is shown once and then gone. */
export const credentialBrief = z.object({
  id: z.uuid(),
  lineId: z.uuid(),
  label: z.string(),
  state: z.enum(['READY', 'COLLECTED', 'EXPIRED', 'REPLACED']),
  readyAt: instant,
  /** When the current link ends. */
  linkEndsAt: instant.nullable(),
  collectedAt: instant.nullable(),
  collectedBy: who.nullable(),
})

export const launchSignature = z.object({
  party: z.enum(['APPLICATION', 'PROVIDER', 'CUSTOMER']),
  by: who,
  at: instant,
  comment: z.string(),
})

export const workOrder = workOrderBrief.extend({
  rev: z.int(),
  connection: z.object({ id: z.uuid().nullable(), name: z.string(), driver: z.string() }).nullable(),
  parentId: z.uuid().nullable(),
  items: z.array(workOrderLine),
  returns: z.array(z.object({ at: instant, by: who, reason: z.string(), attribution: z.enum(['APPLICATION', 'PROVIDER', 'CUSTOMER']) })),
  holds: z.array(
    z.object({
      id: z.uuid(),
      reason: z.string(),
      proposedBy: who,
      proposedAt: instant,
      state: z.enum(['PROPOSED', 'HELD', 'REFUSED', 'ENDED']),
      decidedBy: who.nullable(),
      decidedAt: instant.nullable(),
      endedAt: instant.nullable(),
    }),
  ),
  selfCheck: z
    .object({
      by: who,
      at: instant,
      items: z.array(z.object({ lineId: z.uuid(), key: z.string(), ok: z.boolean(), expected: z.string(), found: z.string() })),
    })
    .nullable(),
  notifiedAt: instant.nullable(),
  credentials: z.array(credentialBrief),
  share: z
    .object({ sharedAt: instant, dueAt: instant, ackAt: instant.nullable(), ackBy: who.nullable(), documents: z.array(z.string()) })
    .nullable(),
  acceptance: z.object({ result: z.enum(['ACCEPTED', 'OBJECTED', 'DEFAULT']), by: who, at: instant, comment: z.string() }).nullable(),
  /** The confirmation of the start-up test by the three parties. */
  launchTest: z.object({ signatures: z.array(launchSignature), completeAt: instant.nullable() }),
  trial: z.object({ from: day, until: day, endedAt: instant.nullable(), endedBy: who.nullable() }).nullable(),
  archivedAt: instant.nullable(),
})
export type WorkOrder = z.output<typeof workOrder>

/** One thing that happened, for the timeline that runs across request, work order and delivery. */
export const workOrderEvent = z.object({
  at: instant,
  kind: z.string(),
  by: who,
  bySystem: z.boolean(),
  lineId: z.uuid().nullable(),
  text: z.object({ zh: z.string(), en: z.string() }),
})

export const lease = z.object({
  lineId: z.uuid(),
  workOrderId: z.uuid(),
  workOrderNo: z.string(),
  title: z.string(),
  applicationId: z.uuid(),
  applicationName: z.string(),
  tenantId: z.uuid(),
  env: environment,
  usageUntil: day,
  daysLeft: z.int(),
  reminded: z.array(z.int()),
})

export const provisioningProblems = {
  notCollectable: problem('provisioning.not-collectable', 410, {
    zh: '这个领取链接已失效，可在工单里重新取得',
    en: 'This link has ended; get a new one on the work order',
  }),
  alreadyCollected: problem('provisioning.already-collected', 409, {
    zh: '凭据已由 {name} 在 {at} 领取，只显示一次',
    en: 'The credentials were collected by {name} at {at}; they are shown once only',
  }),
  wrongState: problem('provisioning.wrong-state', 409, {
    zh: '工单当前状态不能做这一步',
    en: 'The work order is not at a point where this is possible',
  }),
  samePerson: problem('provisioning.same-person', 403, {
    zh: '执行人与验收人、提出人与批准人不能是同一人',
    en: 'One person cannot both do and accept, or propose and approve',
  }),
  modelNotAccepted: problem('provisioning.model-not-accepted', 409, {
    zh: '机型 {model} 还没有通过硬件验收测试',
    en: 'Model {model} has not passed its hardware acceptance test',
  }),
  linesMissing: problem('provisioning.lines-missing', 400, {
    zh: '每一行都要有结论：{missing}',
    en: 'Every line needs a result: {missing}',
  }),
}

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

const reading = canAny(['provisioning.read', 'R'], ['provisioning.read', 'r'])
const ofWorkOrder = z.object({ workOrderId: z.uuid() })

export const provisioningApi = {
  list: endpoint({
    method: 'GET',
    path: '/work-orders',
    summary: '工单',
    access: reading,
    input: pageInput.extend({
      q: text(100).optional(),
      status: z.string().max(200).optional(),
      kind: workOrderKind.optional(),
      applicationId: z.uuid().optional(),
      tenantId: z.uuid().optional(),
      requestId: z.uuid().optional(),
      /** Only those past their due time and not delivered. */
      overdue: z.stringbool().optional(),
      sort: z.enum(['-receivedAt', 'dueAt']).default('-receivedAt'),
    }),
    reply: page(workOrderBrief),
  }),
  get: endpoint({
    method: 'GET',
    path: '/work-orders/:workOrderId',
    summary: '一份工单：各行、时限、凭据、验收、试运行',
    access: reading,
    input: ofWorkOrder,
    reply: workOrder,
    problems: [commonProblems.notFound],
  }),
  timeline: endpoint({
    method: 'GET',
    path: '/work-orders/:workOrderId/timeline',
    summary: '工单经过',
    access: reading,
    input: ofWorkOrder,
    reply: z.object({ items: z.array(workOrderEvent) }),
    problems: [commonProblems.notFound],
  }),
  timelineOfRequest: endpoint({
    method: 'GET',
    path: '/requests/:requestId/work-orders/timeline',
    summary: '一份申请名下全部工单的经过',
    access: reading,
    input: z.object({ requestId: z.uuid() }),
    reply: z.object({ items: z.array(workOrderEvent.extend({ workOrderId: z.uuid(), workOrderNo: z.string() })) }),
  }),
  proposeHold: endpoint({
    method: 'POST',
    path: '/work-orders/:workOrderId/holds',
    summary: '因缺应用方信息提请中止计时',
    access: can('provisioning.pauseClock', 'C'),
    input: ofWorkOrder.extend({ reason: text(2000, 1) }),
    reply: workOrder,
    problems: [provisioningProblems.wrongState],
  }),
  decideHold: endpoint({
    method: 'POST',
    path: '/work-orders/:workOrderId/holds/:holdId/decide',
    summary: '认可或不认可中止计时',
    access: can('provisioning.pauseClock', 'A'),
    input: ofWorkOrder.extend({ holdId: z.uuid(), approve: z.boolean(), comment: text(2000).default('') }),
    reply: workOrder,
    problems: [provisioningProblems.wrongState, provisioningProblems.samePerson],
  }),
  endHold: endpoint({
    method: 'POST',
    path: '/work-orders/:workOrderId/holds/:holdId/end',
    summary: '恢复计时',
    access: can('provisioning.pauseClock', 'C'),
    input: ofWorkOrder.extend({ holdId: z.uuid() }),
    reply: workOrder,
    problems: [provisioningProblems.wrongState],
  }),
  newCredentialLink: endpoint({
    method: 'POST',
    path: '/work-orders/:workOrderId/credential-links',
    summary: '重新取得凭据领取链接；旧链接作废',
    access: can('credential.view', 'X'),
    input: ofWorkOrder,
    /** `token` goes into `/credentials/<token>` and is shown here only. */
    reply: z.object({ token: z.string(), endsAt: instant, credentials: z.int() }),
    problems: [provisioningProblems.wrongState, provisioningProblems.alreadyCollected],
  }),
  collectCredentials: endpoint({
    method: 'POST',
    path: '/credentials/collect',
    summary: '领取凭据，只显示这一次',
    access: can('credential.view', 'X'),
    input: z.object({ token: z.string().min(20).max(200) }),
    reply: z.object({
      workOrderId: z.uuid(),
      workOrderNo: z.string(),
      /** Signing in for the first time, the password must be changed. */
      items: z.array(
        z.object({ label: z.string(), address: z.string().nullable(), user: z.string(), password: z.string(), note: z.string() }),
      ),
    }),
    problems: [provisioningProblems.notCollectable, provisioningProblems.alreadyCollected],
  }),
  leases: endpoint({
    method: 'GET',
    path: '/leases',
    summary: '资源使用期限，先到期的在前',
    access: reading,
    input: pageInput.extend({
      applicationId: z.uuid().optional(),
      withinDays: z.coerce.number().int().min(1).max(3650).optional(),
    }),
    reply: page(lease),
  }),
  selfCheckTemplate: endpoint({
    method: 'GET',
    path: '/work-orders/:workOrderId/self-check-template',
    summary: '自检应逐项核对的内容',
    access: reading,
    input: ofWorkOrder,
    reply: z.object({
      items: z.array(
        z.object({
          lineId: z.uuid(),
          lineTitle: z.string(),
          key: z.string(),
          label: z.object({ zh: z.string(), en: z.string() }),
          expected: z.string(),
          /** What the cloud or the inventory says; empty when only people can look. */
          found: z.string(),
        }),
      ),
    }),
    problems: [commonProblems.notFound],
  }),
}
