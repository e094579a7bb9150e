import { ROLES, type Role } from '@changbai/contract/capability.ts'
import type { SetupItem } from '@changbai/contract/setup.ts'

/** What was found, by SQL and by the product's own trials. Instants are already turned into "within" and "ago". */
export interface SetupFacts {
  /** Active people with a way in, by role. */
  holders: Partial<Record<Role, number>>
  /** People who hold more than one of the three. */
  mixedAdministrators: string[]
  /** The directory of the house; null: none is connected. */
  directory: { lastOutcome: 'DONE' | 'HELD' | 'FAILED' | null; fresh: boolean; pending: number; problem: string | null } | null
  /** Of the three, roles whose holders all sign in by the directory. */
  withoutLocal: Role[]
  bureaus: number
  /** Active bureaus without a project manager or an approver. */
  headlessBureaus: string[]
  planVersion: number | null
  years: { year: number; published: boolean }[]
  thisYear: number
  /** The next year matters from November on. */
  nextYearDue: boolean
  clouds: { name: string; driver: string; well: boolean; fresh: boolean; problems: string[] }[]
  /** The last message of each channel in use: null when none was ever sent. */
  channels: { channel: 'EMAIL' | 'SMS'; lastState: 'SENT' | 'DELIVERED' | 'FAILED' | 'PENDING' | 'SKIPPED' | null }[]
  probes: { active: number; heard: number; needed: number }
  backupLate: boolean
  hasBackup: boolean
  drillPassed: boolean
}

type Words = readonly [zh: string, en: string]
interface Judged {
  state: SetupItem['state']
  findings: Words[]
}
/** One item as it is shown: the worst of what was found decides. */
const judge = (missing: Words[], weak: Words[]): Judged => ({
  state: missing.length > 0 ? 'MISSING' : weak.length > 0 ? 'WEAK' : 'READY',
  findings: [...missing, ...weak],
})

const THREE: readonly Role[] = ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN']
/** Without these no process of the plan gets to its end. */
const NEEDED: readonly Role[] = [
  'IAAS_ADMIN',
  'OPERATION_MANAGER',
  'OPERATION_TECHNICIAN',
  'MAINTENANCE_MANAGER',
  'MAINTENANCE_ENGINEER',
  'DUTY_OFFICER',
  'SERVICE_DESK',
  'BUILD_PROJECT_MANAGER',
  'PROVIDER_LEADER',
  'CUSTOMER_OM_MANAGER',
  'CUSTOMER_LEADER',
]
const nobody = (role: Role): Words => [`${ROLES[role].zh}：没有人`, `${ROLES[role].en}: nobody`]

const administrators = ({ holders, mixedAdministrators }: SetupFacts): Judged =>
  judge(
    [
      ...THREE.filter((role) => !holders[role]).map(nobody),
      ...mixedAdministrators.map((name): Words => [`${name} 兼任三员中的两员`, `${name} holds two of the three posts`]),
    ],
    THREE.filter((role) => holders[role] === 1).map(
      (role): Words => [`${ROLES[role].zh}只有一人，缺席时无人可替`, `${ROLES[role].en}: one person only, nobody stands in`],
    ),
  )

const organisation = ({ bureaus, headlessBureaus }: SetupFacts): Judged =>
  judge(
    bureaus === 0 ? [['还没有生效的委办局', 'No bureau is active yet']] : [],
    headlessBureaus.map((name): Words => [`${name}：缺项目经理或负责人`, `${name}: no project manager or no approver`]),
  )

const roles = ({ holders }: SetupFacts): Judged =>
  judge(
    NEEDED.filter((role) => !holders[role]).map(nobody),
    NEEDED.filter((role) => holders[role] === 1 && role !== 'CUSTOMER_LEADER' && role !== 'PROVIDER_LEADER').map(
      (role): Words => [`${ROLES[role].zh}只有一人，没有代理人`, `${ROLES[role].en}: one person only, no deputy`],
    ),
  )

function directory({ directory: found, withoutLocal }: SetupFacts): Judged {
  if (!found)
    return { state: 'READY', findings: [['没有接入单位目录，账号由本平台管理', 'No directory is connected; accounts are kept here']] }
  const missing: Words[] = withoutLocal.map(
    (role): Words => [
      `${ROLES[role].zh}没有本地账号，目录不通时无人能登录`,
      `${ROLES[role].en}: no local account; nobody gets in while the directory is down`,
    ],
  )
  if (found.lastOutcome === null) missing.push(['还没有同步过', 'Not synchronised yet'])
  else if (found.lastOutcome !== 'DONE')
    missing.push([`最近一次同步没有完成：${found.problem ?? '—'}`, `The last synchronisation was not completed: ${found.problem ?? '—'}`])
  else if (!found.fresh) missing.push(['两天内没有同步成功', 'Not synchronised within two days'])
  return judge(missing, found.pending > 0 ? [[`${found.pending} 人待开立账号`, `${found.pending} people wait for an account`]] : [])
}

const plan = ({ planVersion }: SetupFacts): Judged => judge(planVersion === null ? [['方案没有载入', 'No plan is loaded']] : [], [])

function calendar({ years, thisYear, nextYearDue }: SetupFacts): Judged {
  const lacks = (year: number) => !years.some((one) => one.year === year && one.published)
  const words = (year: number): Words => [
    `${year} 年日历尚未录入，时限是暂定的`,
    `The calendar of ${year} is not entered; limits are provisional`,
  ]
  return judge(lacks(thisYear) ? [words(thisYear)] : [], nextYearDue && lacks(thisYear + 1) ? [words(thisYear + 1)] : [])
}

const cloud = ({ clouds }: SetupFacts): Judged =>
  judge(
    clouds.length === 0
      ? [['没有启用的云连接', 'No cloud connection is in use']]
      : clouds
          .filter(({ driver, well, fresh }) => driver === 'openstack' && !(well && fresh))
          .map(({ name, problems, fresh }): Words => {
            const why = problems.join('；')
            return [
              `${name}：${why || (fresh ? '检查未通过' : '一天内没有检查成功')}`,
              `${name}: ${why || (fresh ? 'the check failed' : 'not found well within a day')}`,
            ]
          }),
    clouds
      .filter(({ driver }) => driver !== 'openstack')
      .map(
        ({ name, driver }): Words =>
          driver === 'simulator'
            ? [`${name} 是模拟云，不会建出真的服务器`, `${name} is simulated and makes no real server`]
            : [`${name} 由人工办理`, `${name} is done by people`],
      ),
  )

const channelWords = { EMAIL: ['邮件', 'Mail'], SMS: ['短信', 'Text messages'] } as const
function mail({ channels }: SetupFacts): Judged {
  const missing: Words[] = []
  const weak: Words[] = []
  for (const kind of ['EMAIL', 'SMS'] as const) {
    const [zh, en] = channelWords[kind]
    const found = channels.find(({ channel }) => channel === kind)
    if (!found) (kind === 'EMAIL' ? missing : weak).push([`${zh}通道没有启用`, `${en}: no channel in use`])
    else if (found.lastState === 'FAILED') missing.push([`${zh}：最近一次发送失败`, `${en}: the last message failed`])
    else if (found.lastState !== 'SENT' && found.lastState !== 'DELIVERED')
      weak.push([`${zh}：还没有发成过一次，请在通道页试发`, `${en}: nothing was sent yet; try it on the page of channels`])
  }
  return judge(missing, weak)
}

const probes = ({ probes: { active, heard, needed } }: SetupFacts): Judged =>
  judge(
    heard === 0 ? [[`在用 ${active} 个，都没有回报`, `${active} in use, none reports`]] : [],
    heard > 0 && heard < needed
      ? [[`只有 ${heard} 个在回报，判定需要 ${needed} 个一致`, `${heard} report; a decision needs ${needed} that agree`]]
      : [],
  )

const backup = ({ hasBackup, backupLate, drillPassed }: SetupFacts): Judged =>
  judge(
    !hasBackup ? [['还没有备份', 'No backup yet']] : backupLate ? [['备份逾期', 'The backup is late']] : [],
    drillPassed ? [] : [['还没有通过的恢复演练', 'No restore drill has passed yet']],
  )

const rows: readonly [SetupItem['key'], (facts: SetupFacts) => Judged, link: string, by: Role][] = [
  ['administrators', administrators, '/settings/grants', 'SYSTEM_ADMIN'],
  ['organisation', organisation, '/settings/tenants', 'IAAS_ADMIN'],
  ['roles', roles, '/settings/grants', 'IAAS_ADMIN'],
  ['directory', directory, '/settings/ldap', 'SYSTEM_ADMIN'],
  ['plan', plan, '/plan/overview', 'OPERATION_MANAGER'],
  ['calendar', calendar, '/plan/calendar', 'OPERATION_MANAGER'],
  ['cloud', cloud, '/settings/connections', 'SYSTEM_ADMIN'],
  ['mail', mail, '/settings/channels', 'SYSTEM_ADMIN'],
  ['probes', probes, '/settings/probes', 'IAAS_ADMIN'],
  ['backup', backup, '/settings/backups', 'SYSTEM_ADMIN'],
]

/** Every item, judged from what was found; the reader's language picks the words. */
export const judgeSetup = (facts: SetupFacts, locale: 'zh-CN' | 'en-US'): SetupItem[] =>
  rows.map(([key, rule, link, by]) => {
    const { state, findings } = rule(facts)
    return { key, state, link, by, findings: findings.map(([zh, en]) => (locale === 'en-US' ? en : zh)) }
  })
