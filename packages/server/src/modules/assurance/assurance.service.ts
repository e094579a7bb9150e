import type { assuranceApi, Control } from '@changbai/contract/assurance.ts'
import { ROLES, type Role } from '@changbai/contract/capability.ts'
import type { Reply } from '@changbai/contract/endpoint.ts'
import { sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Download } from '../../platform/mount.ts'
import { sealedCounts } from '../../platform/reseal.ts'
import { wallTime } from '../../platform/sheets.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { healthStateOf } from '../health/index.ts'
import { auditIdentity, type IdentityAudit } from '../identity/index.ts'
import { LOG_DAYS } from '../log/index.ts'
import { backupRecords } from '../upkeep/index.ts'
import { countFacts, ledgerFigures } from './assurance.store.ts'
import { platformPages, type Setting } from './audit-pages.ts'
import { type Assured, judgeControls } from './controls.domain.ts'
import { countExports } from './exports.store.ts'
import { type Page, writeWorkbook } from './workbook.ts'

type Api = typeof assuranceApi

const EXPORTS = [
  'admission.list-exported',
  'request.list-exported',
  'work-order.list-exported',
  'inventory.exported',
  'availability.exported',
  'ledger.exported',
  'report.figures-exported',
  'document.exported',
  'clause-month.exported',
  'showback.exported',
  'audit.exported',
]
const ADMINISTRATORS = ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'] as const
const DAY_MS = 86_400_000

const msSince = (ctx: Ctx, at: Temporal.Instant | null): number | null =>
  at === null ? null : ctx.now.epochMilliseconds - at.epochMilliseconds
const daysSince = (ctx: Ctx, at: Temporal.Instant | null): number | null => {
  const ms = msSince(ctx, at)
  return ms === null ? null : Math.max(0, Math.floor(ms / DAY_MS))
}
const newest = (instants: readonly (Temporal.Instant | null)[]): Temporal.Instant | null =>
  instants
    .filter((at) => at !== null)
    .sort(Temporal.Instant.compare)
    .at(-1) ?? null

function accountFigures(ctx: Ctx, { accounts }: IdentityAudit): Assured['accounts'] {
  const active = accounts.filter((one) => one.active)
  const bare = active.filter((one) => !one.hasSecondFactor && !one.hasSingleSignOn)
  return {
    active: active.length,
    withoutSecondFactor: bare.length,
    administratorsWithoutSecondFactor: bare.filter(({ roles }) => ADMINISTRATORS.some((role) => roles.includes(role))).length,
    weaklyKept: accounts.filter(({ hasSlowHashes }) => !hasSlowHashes).length,
    unusedNinetyDays: active.filter(({ lastSignInAt, createdAt }) => (daysSince(ctx, lastSignInAt ?? createdAt) ?? 0) > 90).length,
  }
}

async function assuredOf(ctx: Ctx, identity: IdentityAudit, setting: Setting): Promise<Assured> {
  const ledger = await ledgerFigures(ctx.db)
  const { last, lastPassed } = await backupRecords(ctx)
  const holding = (role: Role): number => identity.accounts.filter(({ active, roles }) => active && roles.includes(role)).length
  const inForce = identity.grants.filter(({ status }) => status === 'IN_FORCE')
  const ended = new Set(identity.accounts.filter(({ active }) => !active).map(({ signIn }) => signIn))
  const backupMs = msSince(ctx, last?.taken_at ?? null)
  return {
    accounts: accountFigures(ctx, identity),
    policy: identity.policy,
    addressRules: identity.addresses.length,
    conflicts: identity.conflicts.length,
    grantsByOneHand: inForce.filter(({ byOneHand }) => byOneHand).length,
    grantsInForce: inForce.length,
    reviewDays: daysSince(ctx, newest(identity.reviews.map(({ confirmedAt }) => confirmedAt))),
    administrators: { system: holding('SYSTEM_ADMIN'), security: holding('SECURITY_ADMIN'), audit: holding('AUDIT_ADMIN') },
    ledger: {
      facts: ledger.sealed + ledger.unsealed,
      unsealed: ledger.unsealed,
      lastBatchAt: ledger.lastBatchAt?.toString() ?? null,
      digest: ctx.crypto.digestAlgorithm,
      keptDays: daysSince(ctx, ledger.firstAt) ?? 0,
    },
    logs: { keptDays: LOG_DAYS },
    https: setting.https,
    scanner: setting.scanner,
    dependencies: setting.dependencies && { findings: setting.dependencies.findings.length, newest: setting.dependencies.newest },
    unsealedColumns: (await sealedCounts(ctx.db, setting.sealed)).filter(({ byKey }) => '' in byKey || 'v1' in byKey).length,
    keyProvider:
      (await ctx.db.selectFrom('data_key').select('provider').where('retired_at', 'is', null).executeTakeFirst())?.provider ?? '',
    approvedExports: (await countExports(ctx.db, ctx.now.subtract({ hours: 24 * 90 }))).approved,
    backupHours: backupMs === null ? null : backupMs / 3_600_000,
    drillDays: daysSince(ctx, lastPassed?.started_at ?? null),
    backupsEncrypted: last?.encrypted ?? false,
    health: { clock: await healthStateOf(ctx, 'clock') },
    exportsNinetyDays: await countFacts(ctx.db, EXPORTS, ctx.now.subtract({ hours: 24 * 90 })),
    leavers: {
      ended: identity.accounts.filter(({ active, disabledAt }) => !active && (daysSince(ctx, disabledAt) ?? 0) <= 365).length,
      rightsLeft: inForce.filter(({ signIn }) => ended.has(signIn)).length,
    },
    securityEvents: {
      graded: await countFacts(ctx.db, ['incident.security-graded'], ctx.now.subtract({ hours: 24 * 365 })),
      reported: await countFacts(ctx.db, ['incident.security-reported'], ctx.now.subtract({ hours: 24 * 365 })),
    },
    revealsNinetyDays: await countFacts(ctx.db, ['personal.revealed'], ctx.now.subtract({ hours: 24 * 90 })),
    changes: await countFacts(ctx.db, ['change.begun'], ctx.now.subtract({ hours: 24 * 365 })),
    rounds: await countFacts(ctx.db, ['inspection.submitted'], ctx.now.subtract({ hours: 24 * 30 })),
  }
}

export const controlReader =
  (setting: Setting) =>
  async (ctx: Ctx): Promise<Reply<Api['controls']>> => ({
    at: ctx.now.toString(),
    controls: judgeControls(await assuredOf(ctx, await auditIdentity(ctx), setting)),
  })

const at = (instant: Temporal.Instant | null): string | null => wallTime(instant?.toString() ?? null)
const yes = (value: boolean): string => (value ? '是' : '否')
const roleName = (role: string): string => ROLES[role as Role]?.zh ?? role
const states: Readonly<Record<Control['state'], string>> = {
  KEPT: '已落实',
  PARTLY: '部分落实',
  NOT_KEPT: '未落实',
  OUTSIDE: '由部署或管理落实',
}

/** What an auditor reads, a page each; in Chinese, because the assessor's forms are. */
async function pagesOf(ctx: Ctx, identity: IdentityAudit, controls: readonly Control[]): Promise<Page[]> {
  const { backups, drills } = await backupRecords(ctx)
  const ledger = await ledgerFigures(ctx.db)
  return [
    {
      name: '控制项',
      head: ['依据', '控制项', '落实方式', '状态', '证据'],
      rows: controls.map(({ source, title, means, state, evidence }) => [
        source,
        title.zh,
        means.zh,
        states[state],
        evidence.map(({ says, isWell }) => `${isWell ? '✓' : '✗'} ${says.zh}`).join('\n'),
      ]),
    },
    {
      name: '账号',
      head: ['登录名', '姓名', '单位', '有效', '开通', '停用', '最近登录', '第二因子', '单点登录', '口令设置于', '角色'],
      rows: identity.accounts.map((one) => [
        one.signIn,
        one.name,
        one.unit,
        yes(one.active),
        at(one.createdAt),
        at(one.disabledAt),
        at(one.lastSignInAt),
        yes(one.hasSecondFactor),
        yes(one.hasSingleSignOn),
        at(one.passwordSetAt),
        one.roles.map(roleName).join('、'),
      ]),
    },
    {
      name: '授权与审批',
      head: ['姓名', '登录名', '角色', '单位范围', '状态', '事由', '提出', '提出于', '批准', '批准于', '终止于', '一人提出又批准'],
      rows: identity.grants.map((one) => [
        one.person,
        one.signIn,
        roleName(one.role),
        one.tenant,
        grantStates[one.status] ?? one.status,
        one.reason,
        one.proposedBy,
        at(one.proposedAt),
        one.decidedBy,
        at(one.decidedAt),
        at(one.endedAt),
        one.byOneHand ? '是' : one.decidedBy === null && one.status === 'IN_FORCE' ? '没有批准人（初始化或命令行）' : '否',
      ]),
    },
    {
      name: '职责分离',
      head: ['姓名', '登录名', '角色', '与之冲突'],
      rows: identity.conflicts.map(({ name, signIn, role, against }) => [name, signIn, roleName(role), roleName(against)]),
      empty: '逐人复查全部生效授权，没有互斥角色由一人兼任。',
    },
    {
      name: '委托',
      head: ['角色', '委托人', '受托人', '自', '至', '提前终止', '事由'],
      rows: identity.loans.map((one) => [
        roleName(one.role),
        one.from,
        one.to,
        at(one.fromAt),
        at(one.untilAt),
        at(one.endedAt),
        one.reason,
      ]),
      empty: '没有角色委托。',
    },
    {
      name: '访问复核',
      head: ['季度', '发起', '截止', '确认人', '确认于', '保留', '收回', '失效', '未定'],
      rows: identity.reviews.map((one) => [
        one.quarter,
        at(one.openedAt),
        at(one.dueAt),
        one.confirmedBy,
        at(one.confirmedAt),
        one.kept,
        one.withdrawn,
        one.lapsed,
        one.undecided,
      ]),
      empty: '尚未做过访问复核。',
    },
    {
      name: '口令与登录策略',
      head: ['项目', '生效值', '方案值'],
      rows: [
        ...(Object.keys(identity.policy.plan) as (keyof typeof identity.policy.plan)[]).map((key) => [
          policyNames[key],
          identity.policy.inForce[key],
          identity.policy.plan[key],
        ]),
        ...identity.addresses.map(({ network, note }) => ['登录网段', network, note]),
      ],
    },
    {
      name: '日志留存',
      head: ['项目', '数值'],
      rows: [
        ['审计事实', ledger.sealed + ledger.unsealed],
        ['其中未封存', ledger.unsealed],
        ['最早的事实', at(ledger.firstAt)],
        ['最近封存', at(ledger.lastBatchAt)],
        ['摘要算法', ctx.crypto.digestAlgorithm],
        ['审计事实保存', '不删除'],
        ['设备日志保存（天）', LOG_DAYS],
      ],
    },
    {
      name: '备份',
      head: ['种类', '状态', '存放', '加密', '开始', '结束', '字节', '摘要'],
      rows: backups.map((one) => [
        runStates[one.kind] ?? one.kind,
        runStates[one.state] ?? one.state,
        one.place,
        yes(one.encrypted),
        wallTime(one.startedAt),
        wallTime(one.finishedAt),
        one.sizeBytes,
        one.sha256,
      ]),
      empty: '没有备份记录。',
    },
    {
      name: '恢复演练',
      head: ['状态', '开始', '结束', '所用备份', '表', '行', '核对事实', '发现'],
      rows: drills.map((one) => [
        runStates[one.state] ?? one.state,
        wallTime(one.startedAt),
        wallTime(one.finishedAt),
        one.backupFile,
        one.tables,
        one.rows,
        one.facts,
        one.findings.join('\n'),
      ]),
      empty: '没有恢复演练记录。',
    },
  ]
}
const grantStates: Readonly<Record<string, string>> = {
  PROPOSED: '待批准',
  IN_FORCE: '生效',
  REJECTED: '未批准',
  WITHDRAWN: '已收回',
  LAPSED: '已失效',
}
const runStates: Readonly<Record<string, string>> = {
  RUNNING: '进行中',
  DONE: '完成',
  PASSED: '通过',
  FAILED: '失败',
  REMOVED: '到期删除',
  SCHEDULED: '定时',
  MANUAL: '手工',
  UPGRADE: '升级前',
}
const policyNames: Readonly<Record<keyof IdentityAudit['policy']['plan'], string>> = {
  failuresToLock: '连续失败锁定（次）',
  lockMinutes: '锁定（分钟）',
  idleMinutes: '闲置退出（分钟）',
  passwordMinLength: '口令最短（位）',
  passwordClasses: '口令字符类',
  passwordDays: '口令更换（天）',
}

/** One workbook for the yearly audit; taking it leaves a fact with its digest. */
export const auditExporter =
  (setting: Setting) =>
  async (ctx: Ctx): Promise<Download> => {
    const identity = await auditIdentity(ctx)
    const controls = judgeControls(await assuredOf(ctx, identity, setting))
    const pages = [...(await pagesOf(ctx, identity, controls)), ...(await platformPages(ctx, setting))]
    const bytes = await writeWorkbook(pages, {
      takenBy: ctx.actor.name,
      takenAt: at(ctx.now) ?? '',
      number: ctx.exportMark?.number ?? '',
    })
    await ctx.record({
      kind: 'audit.exported',
      subject: { type: 'audit-export', id: shanghaiDay(ctx.now).toString() },
      data: { digest: sha256Hex(bytes) },
    })
    return {
      name: `审计资料-${shanghaiDay(ctx.now)}.xlsx`,
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      bytes,
    }
  }
