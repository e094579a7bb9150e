import { z } from 'zod'
import { roleCodes } from './capability.ts'
import { can, canAny, endpoint, instant } from './endpoint.ts'
import { inventoryProblems } from './inventory.ts'
import { commonProblems } from './problem.ts'

/** What must stand before the first bureau comes, in the order in which it is done. */
export const setupItems = [
  'administrators',
  'organisation',
  'roles',
  'directory',
  'plan',
  'calendar',
  'cloud',
  'mail',
  'probes',
  'backup',
] as const
export const SetupItem = z.object({
  key: z.enum(setupItems),
  /** READY: tried and found well. WEAK: works, with a shortcoming. MISSING: not there, or does not work. */
  state: z.enum(['READY', 'WEAK', 'MISSING']),
  findings: z.array(z.string()),
  /** The page where it is put right. */
  link: z.string(),
  /** Who can put it right. */
  by: z.enum(roleCodes as [(typeof roleCodes)[number], ...(typeof roleCodes)[number][]]),
})
export type SetupItem = z.infer<typeof SetupItem>

export const SheetKind = z.enum(['bureau', 'person', 'grant'])
export type SheetKind = z.infer<typeof SheetKind>

export const SetupReport = z.object({
  applied: z.boolean(),
  rows: z.int(),
  created: z.int(),
  unchanged: z.int(),
  errorCount: z.int(),
  errors: z.array(z.object({ row: z.int(), column: z.string(), message: z.string() })),
})

/** Whoever may make one of the three; which sheet a person may bring in is decided by the sheet. */
const anySheet = canAny(['tenant.manage', 'C'], ['iam.account.lifecycle', 'C'], ['iam.grant', 'C'])

export const setupApi = {
  checklist: endpoint({
    method: 'GET',
    path: '/setup/checklist',
    summary: '启用前检查：逐项实测组织、三员、角色、方案、日历、云连接、通道、探测点与备份',
    access: can('setup.checklist', 'R'),
    input: z.object({}),
    reply: z.object({ checkedAt: instant, items: z.array(SetupItem) }),
  }),
  importSheet: endpoint({
    method: 'POST',
    path: '/setup/import',
    summary: '由 xlsx 或 csv 批量导入委办局、人员、授权；试导入逐行报错，授权经安全管理员批准后才生效',
    access: anySheet,
    input: z.object({ kind: SheetKind, dryRun: z.stringbool().default(true) }),
    reply: SetupReport,
    problems: [
      inventoryProblems.notSheet,
      inventoryProblems.bomb,
      inventoryProblems.tooManyRows,
      inventoryProblems.wrongColumns,
      commonProblems.forbidden,
    ],
    kind: 'file',
  }),
  template: endpoint({
    method: 'POST',
    path: '/setup/template',
    summary: '批量导入的空表',
    access: anySheet,
    input: z.object({ kind: SheetKind }),
    reply: z.any(),
    kind: 'download',
  }),
  approveGrants: endpoint({
    method: 'POST',
    path: '/setup/grants/approve',
    summary: '成批批准授权；每一项各自成败，不合规的留待处理',
    access: can('iam.grant', 'A'),
    input: z.object({ grantIds: z.array(z.uuid()).min(1).max(200) }),
    reply: z.object({ approved: z.int(), refused: z.array(z.object({ grantId: z.uuid(), message: z.string() })) }),
  }),
}
