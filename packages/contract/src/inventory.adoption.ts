// Taking over what ran in the cloud before us, with the word of whoever owns it.
import { z } from 'zod'
import { can, canAny, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { inventoryProblems } from './inventory.ts'
import { commonProblems, problem } from './problem.ts'

export const adoptionProblems = {
  nothing: problem('adoption.nothing', 409, { zh: '这个项目里没有待接管的资源', en: 'Nothing in this project is left to be taken over' }),
  decided: problem('adoption.decided', 409, { zh: '{number} 已经处理过', en: '{number} was decided already' }),
  codeTaken: problem('adoption.code-taken', 409, {
    zh: '应用编码“{code}”已有应用或已在另一份接管单里',
    en: 'The code “{code}” belongs to an application, or to another take-over',
  }),
  otherBureau: problem('adoption.other-bureau', 409, {
    zh: '应用“{code}”属于另一个单位',
    en: 'The application “{code}” belongs to another bureau',
  }),
  gone: problem('adoption.gone', 409, {
    zh: '“{name}”已不在云里或已有台账，请退回后重新提出',
    en: '“{name}” is gone from the cloud or recorded already; return it to be proposed anew',
  }),
  noManager: problem('adoption.no-manager', 409, { zh: '须由本单位的项目经理确认', en: 'A project manager of the bureau must confirm' }),
  tooEarly: problem('adoption.too-early', 409, {
    zh: '接管之前没有测量：开始时间不能早于接管时间 {at}',
    en: 'Nothing was measured before the take-over: it cannot begin before {at}',
  }),
} as const

const Env = z.enum(['PROD', 'TEST', 'DEV', 'DR'])
export const AdoptionState = z.enum(['PROPOSED', 'CONFIRMED', 'RETURNED', 'WITHDRAWN'])
export const AdoptableKind = z.enum(['server', 'volume', 'network', 'address'])
export type AdoptableKind = z.output<typeof AdoptableKind>

const Counts = z.object({ server: z.int(), volume: z.int(), network: z.int(), address: z.int() })

/** A project of the cloud with what nobody has recorded yet, and whose it seems to be. */
export const AdoptableProject = z.object({
  connectionId: z.uuid(),
  cloud: z.string(),
  projectId: z.string(),
  projectName: z.string(),
  counts: Counts,
  /** Why: resources of that application lie in the project already, or its name is the project's. Null where nothing speaks for anybody. */
  suggestion: z
    .object({
      why: z.enum(['RESOURCES', 'NAME']),
      tenantId: z.uuid(),
      tenantName: z.string(),
      applicationId: z.uuid().nullable(),
      code: z.string(),
      name: z.string(),
    })
    .nullable(),
})
export type AdoptableProject = z.infer<typeof AdoptableProject>

export const AdoptionThing = z.object({
  connectionId: z.uuid(),
  kind: AdoptableKind,
  externalId: z.string(),
  name: z.string(),
  /** The size as the cloud tells it. */
  size: z.string(),
  /** What the bureau said of a thing that is not theirs. */
  refusal: z.string().nullable(),
  itemId: z.uuid().nullable(),
})

export const Adoption = z.object({
  id: z.uuid(),
  number: z.string(),
  tenantId: z.uuid(),
  tenantName: z.string(),
  applicationId: z.uuid().nullable(),
  code: z.string(),
  name: z.string(),
  env: Env,
  mlpsLevel: z.int(),
  how: z.enum(['PROJECT', 'SHEET']),
  note: z.string(),
  state: AdoptionState,
  admissionNo: z.string().nullable(),
  counts: Counts,
  proposedBy: z.string(),
  proposedAt: instant,
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  reason: z.string().nullable(),
  may: z.array(z.enum(['CONFIRM', 'RETURN', 'WITHDRAW'])),
})
export type Adoption = z.infer<typeof Adoption>
const AdoptionPage = Adoption.extend({ things: z.array(AdoptionThing) })

const code = text(60, 1).regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, '编码只用字母、数字、点与短横|Letters, digits, dots and hyphens only')
const thingKey = z.object({ connectionId: z.uuid(), kind: AdoptableKind, externalId: z.string().min(1).max(200) })
const adoptionId = z.object({ adoptionId: z.uuid() })
const reading = canAny(['inventory.adopt', 'R'], ['inventory.adopt', 'r'])

export const AdoptionReport = z.object({
  applied: z.boolean(),
  rows: z.int(),
  adoptions: z.int(),
  errorCount: z.int(),
  errors: z.array(z.object({ row: z.int(), column: z.string(), message: z.string() })),
})

export const adoptionApi = {
  projects: endpoint({
    method: 'GET',
    path: '/adoptable',
    summary: '云里还没有台账的资源，按项目归拢，并提出归属建议',
    access: can('inventory.adopt', 'C'),
    input: z.object({}),
    reply: z.object({ items: z.array(AdoptableProject), left: z.int() }),
  }),
  sheet: endpoint({
    method: 'POST',
    path: '/adoptable/sheet',
    summary: '待接管资源清单（xlsx），填上单位与应用后可整表导入',
    access: can('inventory.adopt', 'C'),
    input: z.object({}),
    reply: z.any(),
    kind: 'download',
  }),
  importSheet: endpoint({
    method: 'POST',
    path: '/adoptable/import',
    summary: '按清单提出接管；试导入逐行报错，一行有错则全不生效',
    access: can('inventory.adopt', 'C'),
    input: z.object({ dryRun: z.stringbool().default(true) }),
    reply: AdoptionReport,
    problems: [inventoryProblems.notSheet, inventoryProblems.bomb, inventoryProblems.tooManyRows, inventoryProblems.wrongColumns],
    kind: 'file',
  }),
  propose: endpoint({
    method: 'POST',
    path: '/adoptions',
    summary: '提出接管一个项目里的全部资源，交其单位的项目经理确认',
    access: can('inventory.adopt', 'C'),
    input: z.object({
      connectionId: z.uuid(),
      projectId: z.string().max(200),
      tenantId: z.uuid(),
      code,
      name: text(100, 1),
      env: Env.default('PROD'),
      mlpsLevel: z.int().min(1).max(3),
      note: text(500).default(''),
    }),
    reply: AdoptionPage,
    problems: [commonProblems.notFound, adoptionProblems.nothing, adoptionProblems.codeTaken, adoptionProblems.otherBureau],
  }),
  adoptions: endpoint({
    method: 'GET',
    path: '/adoptions',
    summary: '接管单（本人范围内）',
    access: reading,
    input: pageInput.extend({ state: AdoptionState.optional(), tenantId: z.uuid().optional() }),
    reply: page(Adoption),
  }),
  adoption: endpoint({
    method: 'GET',
    path: '/adoptions/:adoptionId',
    summary: '一份接管单及其资源',
    access: reading,
    input: adoptionId,
    reply: AdoptionPage,
    problems: [commonProblems.notFound],
  }),
  confirm: endpoint({
    method: 'POST',
    path: '/adoptions/:adoptionId/confirm',
    summary: '单位确认接管：可更正名称、等级与环境，可指出不属于本单位的资源；补给准入号，从此刻起记录',
    access: can('inventory.adopt', 'A'),
    input: adoptionId.extend({
      name: text(100, 1).optional(),
      env: Env.optional(),
      mlpsLevel: z.int().min(1).max(3).optional(),
      notOurs: z
        .array(thingKey.extend({ why: text(200, 1) }))
        .max(2000)
        .default([]),
    }),
    reply: AdoptionPage,
    problems: [
      commonProblems.notFound,
      adoptionProblems.decided,
      adoptionProblems.gone,
      adoptionProblems.noManager,
      adoptionProblems.codeTaken,
    ],
  }),
  confirmMany: endpoint({
    method: 'POST',
    path: '/adoptions/confirm',
    summary: '成批确认，照提出的样子；每份各自成败',
    access: can('inventory.adopt', 'A'),
    input: z.object({ adoptionIds: z.array(z.uuid()).min(1).max(100) }),
    reply: z.object({ confirmed: z.int(), refused: z.array(z.object({ adoptionId: z.uuid(), message: z.string() })) }),
  }),
  sendBack: endpoint({
    method: 'POST',
    path: '/adoptions/:adoptionId/return',
    summary: '单位退回：都不是本单位的，资源回到待接管',
    access: can('inventory.adopt', 'A'),
    input: adoptionId.extend({ reason: text(500, 1) }),
    reply: AdoptionPage,
    problems: [commonProblems.notFound, adoptionProblems.decided],
  }),
  withdraw: endpoint({
    method: 'POST',
    path: '/adoptions/:adoptionId/withdraw',
    summary: '确认之前收回接管单，资源回到待接管',
    access: can('inventory.adopt', 'U'),
    input: adoptionId.extend({ reason: text(500, 1) }),
    reply: AdoptionPage,
    problems: [commonProblems.notFound, adoptionProblems.decided],
  }),
}
