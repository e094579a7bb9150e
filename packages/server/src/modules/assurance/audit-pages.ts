import { ROLES, type Role } from '@changbai/contract/capability.ts'
import type { ExportState } from '@changbai/contract/exports.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { dataTags } from '../../platform/data-tags.ts'
import { type SealedPlaces, sealedCounts } from '../../platform/reseal.ts'
import { type Cell, wallTime } from '../../platform/sheets.ts'
import { incompatibleRole } from '../identity/index.ts'
import type { AdvisoryFinding } from './advisories.domain.ts'
import { configurationFacts, signInFigures } from './assurance.store.ts'
import { CLASS_ORDER, classNames, EXPORTS } from './exports.domain.ts'
import { listExports } from './exports.store.ts'
import type { Page } from './workbook.ts'

/** How this installation was set up, as far as a control depends on it. */
export interface Setting {
  https: boolean
  scanner: boolean
  /** Name and value of what an assessor asks for; never an address or a key. */
  configuration: readonly (readonly [name: string, value: string])[]
  sealed: SealedPlaces
  /** Columns of the class `contact` that stay readable, with the reason. */
  notSealed: Readonly<Record<string, string>>
  /** Null: no file of advisories was given. */
  dependencies: {
    components: number
    source: string
    advisories: number
    newest: string | null
    digest: string
    findings: readonly AdvisoryFinding[]
  } | null
}

const CONFIGURATION = [
  'plan',
  'security-policy',
  'address-rule',
  'channel',
  'notice-template',
  'single-sign-on',
  'ldap',
  'cloud-connection',
  'process',
  'telemetry-source',
  'probe',
  'measurement-key',
  'keys',
  'set-up',
  'second-factor',
  'maintenance',
]
const ROWS_MAX = 5_000
const YEAR_HOURS = 24 * 365

const at = (instant: Temporal.Instant | null): string | null => wallTime(instant?.toString() ?? null)
const states: Readonly<Record<ExportState, string>> = {
  TAKEN: '已导出',
  PENDING: '待批准',
  APPROVED: '已批准',
  REFUSED: '已退回',
  EXPIRED: '已过期',
}
const configurationNames: Readonly<Record<string, string>> = {
  version: '版本',
  digest: '配置的摘要算法',
  trustProxy: '信任前置代理',
  https: '对外 HTTPS',
  filesInBucket: '附件存对象存储',
  telemetryEngine: '监测数据引擎',
  syslog: '接收设备日志',
  malwareScanner: '上传查毒',
  scheduledBackups: '定时备份',
  keys: '密钥保管',
  outboundAllow: '例外放行的外呼地址（个）',
}

/** Every pair that nobody may hold, asked of the rule itself: an assessor need not trust that an empty list of conflicts was looked for. */
function exclusions(): Cell[][] {
  const roles = Object.keys(ROLES) as Role[]
  return roles.map((role) => [
    ROLES[role].zh,
    roles
      .filter((other) => other !== role && incompatibleRole(role, [other]))
      .map((other) => ROLES[other].zh)
      .join('、'),
  ])
}

/** What an auditor asks besides accounts and backups: doors, exports, keys, data, configuration and what the product is made of. */
export async function platformPages(ctx: Ctx, { configuration, sealed, dependencies }: Setting): Promise<Page[]> {
  const since = ctx.now.subtract({ hours: YEAR_HOURS })
  const keys = await ctx.db.selectFrom('data_key').selectAll().orderBy('made_at', 'desc').orderBy('id').execute()
  const counts = await sealedCounts(ctx.db, sealed)
  const exportRows = await listExports(ctx.db, null, undefined, ROWS_MAX)
  const signIns = await signInFigures(ctx.db, since)
  const changes = await configurationFacts(ctx.db, CONFIGURATION, since, ROWS_MAX)
  return [
    { name: '互斥规则', head: ['角色', '不得与之由一人兼任'], rows: exclusions() },
    {
      name: '登录统计',
      head: ['月份', '登录', '被拒', '其中锁定', '会话被盗用'],
      rows: signIns.map((one) => [one.month, one.entered, one.refused, one.locked, one.stolen]),
      empty: '一年内没有登录。',
    },
    {
      name: '导出记录',
      head: ['编号', '内容', '数据类别', '状态', '导出人', '用途', '行数', '申请或导出于', '批准人', '批准于', '领取于'],
      rows: exportRows.map((row) => [
        row.number,
        EXPORTS[row.path]?.title.zh ?? row.path,
        classNames[row.data_class].zh,
        states[row.state],
        row.by_name,
        row.reason,
        row.rows,
        at(row.at),
        row.decided_by_name,
        at(row.decided_at),
        at(row.taken_at),
      ]),
      empty: '没有导出过。',
    },
    {
      name: '配置',
      head: ['项目', '值'],
      rows: [
        ...configuration.map(([name, value]): Cell[] => [
          configurationNames[name] ?? name,
          value === 'true' ? '是' : value === 'false' ? '否' : value,
        ]),
        ['签名算法', ctx.crypto.signatureAlgorithm],
        ['摘要算法', ctx.crypto.digestAlgorithm],
        ['现用数据密钥', ctx.crypto.ring.sealsWith],
      ],
    },
    {
      name: '配置变更',
      head: ['时间', '操作人', '来自', '事项', '对象'],
      rows: changes.map((one) => [at(one.at), one.actor, one.address, one.kind, one.subject]),
      empty: '一年内没有配置变更。',
    },
    {
      name: '密钥与列加密',
      head: ['项目', '保管', '算法', '情况'],
      rows: [
        ...keys.map((key) => [
          `${key.purpose === 'SEAL' ? '数据密钥' : '索引密钥'} ${key.id}`,
          key.provider,
          key.cipher,
          key.retired_at ? `${at(key.made_at)} 启用，${at(key.retired_at)} 停用（仍可解开）` : `${at(key.made_at)} 启用`,
        ]),
        ...counts.map(({ place, byKey }) => [
          place,
          '',
          '',
          Object.entries(byKey)
            .map(([key, rows]) => `${key === '' ? '未加密' : key} ${rows} 行`)
            .join('、') || '没有数据',
        ]),
      ],
    },
    {
      name: '数据分级',
      head: ['表', ...CLASS_ORDER.map((one) => classNames[one].zh)],
      rows: dataTags.map(({ table, columns }) => [
        table,
        ...CLASS_ORDER.map((one) =>
          columns
            .filter(({ dataClass }) => dataClass === one)
            .map(({ name }) => name)
            .join(' '),
        ),
      ]),
    },
    dependencies
      ? {
          name: '依赖漏洞',
          head: ['组件', '版本', '公告', '别名', '严重程度', '修复于', '说明'],
          rows: [
            [
              `比对 ${dependencies.components} 个组件（${dependencies.source}）`,
              '',
              `${dependencies.advisories} 份公告，最新 ${dependencies.newest ?? '无日期'}`,
              '',
              '',
              '',
              `SHA-256 ${dependencies.digest}`,
            ],
            ...dependencies.findings.map((one) => [
              one.name,
              one.version,
              one.id,
              one.aliases.join('、'),
              one.severity,
              one.fixedIn,
              one.summary,
            ]),
          ],
        }
      : { name: '依赖漏洞', head: ['结果'], rows: [['未扫描：没有给出漏洞公告文件（ADVISORY_FILE）。']] },
  ]
}
