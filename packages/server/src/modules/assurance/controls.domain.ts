import type { PolicyValues } from '@changbai/contract/access.ts'
import type { Control, ControlState } from '@changbai/contract/assurance.ts'

type Words = { zh: string; en: string }

/** What the controls are judged by: figures only, read in one transaction. */
export interface Assured {
  accounts: {
    active: number
    withoutSecondFactor: number
    administratorsWithoutSecondFactor: number
    unusedNinetyDays: number
    /** With a password kept in another way than as a slow hash. */
    weaklyKept: number
  }
  policy: { inForce: PolicyValues; plan: PolicyValues }
  /** Networks one may sign in from; 0: from everywhere. */
  addressRules: number
  conflicts: number
  grantsByOneHand: number
  grantsInForce: number
  /** Days since the last review of rights was confirmed; null: none yet. */
  reviewDays: number | null
  administrators: { system: number; security: number; audit: number }
  ledger: { facts: number; unsealed: number; lastBatchAt: string | null; digest: string; keptDays: number }
  logs: { keptDays: number }
  https: boolean
  scanner: boolean
  /** Null: the dependencies were not compared with advisories. */
  dependencies: { findings: number; newest: string | null } | null
  /** Encrypted columns that still hold values without a named key. */
  unsealedColumns: number
  keyProvider: string
  /** Exports of 90 days that a second person had approved. */
  approvedExports: number
  /** Hours since the last backup, days since the last drill that passed; null: none yet. */
  backupHours: number | null
  drillDays: number | null
  backupsEncrypted: boolean
  health: { clock: string | null }
  exportsNinetyDays: number
  /** Accounts ended within a year, and rights still in force of any account that has ended. */
  leavers: { ended: number; rightsLeft: number }
  /** Of security events within a year. */
  securityEvents: { graded: number; reported: number }
  /** People who looked up how somebody is reached, each time saying why, within 90 days. */
  revealsNinetyDays: number
  changes: number
  rounds: number
}

type Evidence = Control['evidence'][number]
const seen = (isWell: boolean, zh: string, en: string, page: string | null = null): Evidence => ({ says: { zh, en }, isWell, page })

/** All well: kept. None: not kept. What has no evidence of ours lies outside. */
const stateOf = (evidence: readonly Evidence[]): ControlState => {
  if (evidence.length === 0) return 'OUTSIDE'
  const well = evidence.filter(({ isWell }) => isWell).length
  return well === evidence.length ? 'KEPT' : well === 0 ? 'NOT_KEPT' : 'PARTLY'
}

interface Rule {
  id: string
  source: string
  title: Words
  means: Words
  evidence(facts: Assured): Evidence[]
}

const isStrictEnough = ({ inForce, plan }: Assured['policy']): boolean =>
  inForce.failuresToLock <= plan.failuresToLock &&
  inForce.lockMinutes >= plan.lockMinutes &&
  inForce.idleMinutes <= plan.idleMinutes &&
  inForce.passwordMinLength >= plan.passwordMinLength &&
  inForce.passwordClasses >= plan.passwordClasses &&
  inForce.passwordDays <= plan.passwordDays

/** Audit records and logs are kept for at least six months. */
const KEEP_DAYS_MIN = 180
const REVIEW_DAYS_MAX = 100
const DRILL_DAYS_MAX = 92
const BACKUP_HOURS_MAX = 26

const rules: readonly Rule[] = [
  {
    id: 'identity',
    source: 'GB/T 22239 8.1.4.1',
    title: { zh: '身份鉴别', en: 'Identification' },
    means: {
      zh: '账号唯一；口令有复杂度与期限；连续失败锁定；会话闲置退出；第二因子',
      en: 'One account a person; passwords with strength and term; lock after failures; idle sessions end; second factor',
    },
    evidence: ({ accounts, policy }) => [
      seen(
        isStrictEnough(policy),
        `口令至少 ${policy.inForce.passwordMinLength} 位 ${policy.inForce.passwordClasses} 类、${policy.inForce.passwordDays} 天更换；失败 ${policy.inForce.failuresToLock} 次锁 ${policy.inForce.lockMinutes} 分钟；闲置 ${policy.inForce.idleMinutes} 分钟退出`,
        `Passwords of ${policy.inForce.passwordMinLength} characters in ${policy.inForce.passwordClasses} classes, changed every ${policy.inForce.passwordDays} days; ${policy.inForce.failuresToLock} failures lock for ${policy.inForce.lockMinutes} minutes; ${policy.inForce.idleMinutes} idle minutes end a session`,
        '/settings/security',
      ),
      seen(
        accounts.administratorsWithoutSecondFactor === 0,
        `三员中 ${accounts.administratorsWithoutSecondFactor} 人没有第二因子；全部 ${accounts.active} 个账号中 ${accounts.withoutSecondFactor} 个没有`,
        `${accounts.administratorsWithoutSecondFactor} of the three administrators have no second factor; ${accounts.withoutSecondFactor} of all ${accounts.active} accounts have none`,
        '/settings/people',
      ),
    ],
  },
  {
    id: 'access',
    source: 'GB/T 22239 8.1.4.2',
    title: { zh: '访问控制', en: 'Access control' },
    means: {
      zh: '权限矩阵逐端点在服务器判定，范围到单位与应用；授权须两人；职责冲突不可授予；每季复核',
      en: 'The matrix is decided on the server for every endpoint, down to bureau and application; two people a grant; conflicting duties cannot be given; quarterly review',
    },
    evidence: ({ conflicts, grantsByOneHand, grantsInForce, reviewDays, accounts }) => [
      seen(conflicts === 0, `兼任冲突 ${conflicts} 处`, `${conflicts} people hold conflicting roles`, '/settings/grants'),
      seen(
        grantsByOneHand === 0,
        `生效授权 ${grantsInForce} 项，其中一人提出又批准 ${grantsByOneHand} 项`,
        `${grantsInForce} grants in force, ${grantsByOneHand} proposed and approved by one hand`,
        '/settings/grants',
      ),
      seen(
        reviewDays !== null && reviewDays <= REVIEW_DAYS_MAX,
        reviewDays === null ? '尚未做过访问复核' : `上次访问复核在 ${reviewDays} 天前确认`,
        reviewDays === null ? 'Rights were never reviewed' : `Rights were last reviewed ${reviewDays} days ago`,
        '/settings/access-reviews',
      ),
      seen(
        accounts.unusedNinetyDays === 0,
        `90 天未登录的账号 ${accounts.unusedNinetyDays} 个`,
        `${accounts.unusedNinetyDays} accounts not used for 90 days`,
        '/settings/people',
      ),
    ],
  },
  {
    id: 'audit',
    source: 'GB/T 22239 8.1.4.3',
    title: { zh: '安全审计', en: 'Audit' },
    means: {
      zh: '每个命令留下事实：谁、何时、自何处、对什么、前后；只追加，成批封存签名，可由第三方验证',
      en: 'Every command leaves a fact: who, when, from where, upon what, before and after; append-only, sealed and signed in batches, verifiable by outsiders',
    },
    evidence: ({ ledger }) => [
      seen(
        ledger.lastBatchAt !== null,
        `事实 ${ledger.facts} 条，未封存 ${ledger.unsealed} 条，摘要算法 ${ledger.digest}`,
        `${ledger.facts} facts, ${ledger.unsealed} not sealed yet, digests by ${ledger.digest}`,
        '/records/ledger',
      ),
      seen(true, `从不删除；已留存 ${ledger.keptDays} 天`, `Never deleted; kept for ${ledger.keptDays} days so far`, '/records/ledger'),
    ],
  },
  {
    id: 'intrusion',
    source: 'GB/T 22239 8.1.4.4–5',
    title: { zh: '入侵与恶意代码防范', en: 'Intrusion and malware' },
    means: {
      zh: '输入逐项校验；可限定登录网段；上传文件按真实类型核对并可查毒',
      en: 'Every input is checked; sign-in may be limited to networks; uploads are checked by their true type and can be scanned',
    },
    evidence: ({ addressRules, scanner, dependencies }) => [
      seen(
        addressRules > 0,
        addressRules > 0 ? `限定 ${addressRules} 个登录网段` : '没有限定登录网段',
        addressRules > 0 ? `Sign-in is limited to ${addressRules} networks` : 'Sign-in is not limited to networks',
        '/settings/security',
      ),
      seen(
        scanner,
        scanner ? '上传文件经 ClamAV 查毒' : '没有接入查毒程序',
        scanner ? 'Uploads are scanned by ClamAV' : 'No malware scanner is connected',
      ),
      seen(
        dependencies?.findings === 0,
        dependencies
          ? `依赖按 ${dependencies.newest?.slice(0, 10) ?? '无日期'} 的公告比对，命中 ${dependencies.findings} 项`
          : '依赖没有比对过漏洞公告',
        dependencies
          ? `Dependencies compared with advisories of ${dependencies.newest?.slice(0, 10) ?? 'no date'}: ${dependencies.findings} found`
          : 'Dependencies were not compared with advisories',
      ),
    ],
  },
  {
    id: 'confidentiality',
    source: 'GB/T 22239 8.1.4.7–8',
    title: { zh: '完整性与保密性', en: 'Integrity and confidentiality' },
    means: {
      zh: '传输用 TLS；鉴别数据加盐慢哈希；发送地址、口令与密钥列按用途加密；文件与事实带摘要',
      en: 'TLS in transit; salted slow hashes; delivery addresses, passwords and keys encrypted by purpose; files and facts carry digests',
    },
    evidence: ({ https, ledger, backupsEncrypted, unsealedColumns }) => [
      seen(https, https ? '对外地址为 HTTPS' : '对外地址不是 HTTPS', https ? 'Served by HTTPS' : 'Not served by HTTPS'),
      seen(ledger.digest !== '', `摘要算法 ${ledger.digest}`, `Digests by ${ledger.digest}`, '/records/ledger'),
      seen(
        backupsEncrypted,
        backupsEncrypted ? '备份已加密' : '最近的备份没有加密或没有备份',
        backupsEncrypted ? 'Backups are encrypted' : 'The last backup is not encrypted, or there is none',
      ),
      seen(
        unsealedColumns === 0,
        unsealedColumns === 0 ? '手机号、邮箱与各类凭据逐列加密' : `还有 ${unsealedColumns} 个加密列存有旧数据，正在补加密`,
        unsealedColumns === 0
          ? 'Telephone numbers, addresses and credentials are encrypted by column'
          : `${unsealedColumns} columns still hold values from before`,
      ),
    ],
  },
  {
    id: 'recovery',
    source: 'GB/T 22239 8.1.4.9',
    title: { zh: '备份与恢复', en: 'Backup and recovery' },
    means: {
      zh: '每日备份；产品自己把备份恢复到临时库并核对账本链；多进程与数据库主备',
      en: 'Daily backups; the product restores one into a scratch database and checks the chain; several processes and a standby',
    },
    evidence: ({ backupHours, drillDays }) => [
      seen(
        backupHours !== null && backupHours <= BACKUP_HOURS_MAX,
        backupHours === null ? '还没有备份' : `最近备份在 ${Math.round(backupHours)} 小时前`,
        backupHours === null ? 'No backup yet' : `Last backup ${Math.round(backupHours)} hours ago`,
        '/settings/backups',
      ),
      seen(
        drillDays !== null && drillDays <= DRILL_DAYS_MAX,
        drillDays === null ? '还没有通过的恢复演练' : `最近通过的恢复演练在 ${drillDays} 天前`,
        drillDays === null ? 'No restore drill has passed yet' : `Last passed restore drill ${drillDays} days ago`,
        '/settings/backups',
      ),
    ],
  },
  {
    id: 'residual',
    source: 'GB/T 22239 8.1.4.10–11',
    title: { zh: '剩余信息与个人信息', en: 'Residual and personal information' },
    means: {
      zh: '回收与迁出留擦除证明；手机号只给有关的人看，其余打码；导出留痕',
      en: 'Releases and removals leave proof of erasure; telephone numbers are masked but to those concerned; exports leave facts',
    },
    evidence: ({ revealsNinetyDays }) => [
      seen(
        true,
        `90 天内查看完整联系方式 ${revealsNinetyDays} 次，每次写明用途并留审计记录`,
        `How somebody is reached was looked up ${revealsNinetyDays} times within 90 days, each with its reason and a fact`,
        '/records/data-classes',
      ),
    ],
  },
  {
    id: 'passwords',
    source: 'GB/T 22239 8.1.4.8',
    title: { zh: '口令存储', en: 'Storage of passwords' },
    means: {
      zh: '口令只存加盐慢哈希（argon2id）；初始密码与云主机凭据一次性展示；敏感列加密',
      en: 'Passwords are kept as salted slow hashes (argon2id) only; first passwords and credentials are shown once; careful columns are encrypted',
    },
    evidence: ({ accounts }) => [
      seen(
        accounts.weaklyKept === 0,
        accounts.weaklyKept === 0 ? '全部口令均为 argon2id' : `${accounts.weaklyKept} 个口令不是 argon2id`,
        accounts.weaklyKept === 0 ? 'Every password is an argon2id hash' : `${accounts.weaklyKept} passwords are no argon2id hashes`,
        '/settings/people',
      ),
    ],
  },
  {
    id: 'export',
    source: 'GB/T 22239 8.1.4.11',
    title: { zh: '导出与外部接口', en: 'Exports and outside interfaces' },
    means: {
      zh: '导出带水印、编号、留痕，敏感或大量的须另一人批准；第三方用独立只读凭据、地址白名单与限流',
      en: 'Exports carry a mark and a number and leave a fact, careful or large ones need a second person; outsiders have read-only keys of their own, an address list and a rate limit',
    },
    evidence: ({ exportsNinetyDays, approvedExports }) => [
      seen(
        true,
        `90 天内导出 ${exportsNinetyDays} 次，均有审计记录；其中经另一人批准 ${approvedExports} 次`,
        `${exportsNinetyDays} exports within 90 days, each with its fact; ${approvedExports} of them approved by a second person`,
        '/records/exports',
      ),
    ],
  },
  {
    id: 'centre',
    source: 'GB/T 22239 8.1.5.1–4',
    title: { zh: '安全管理中心', en: 'Security management' },
    means: {
      zh: '系统、安全、审计三员分设，互斥且不兼业务；运行状况集中监测；审计数据集中留存六个月以上',
      en: 'System, security and audit administrators are apart and hold no business role; central watch; audit data kept beyond six months',
    },
    evidence: ({ administrators: { system, security, audit }, logs, conflicts }) => [
      seen(
        system > 0 && security > 0 && audit > 0 && conflicts === 0,
        `系统 ${system} 人、安全 ${security} 人、审计 ${audit} 人`,
        `${system} system, ${security} security, ${audit} audit administrators`,
        '/settings/people',
      ),
      seen(
        logs.keptDays >= KEEP_DAYS_MIN,
        `设备日志保存 ${logs.keptDays} 天`,
        `Device logs are kept for ${logs.keptDays} days`,
        '/cloud/logs',
      ),
    ],
  },
  {
    id: 'people',
    source: 'GB/T 22239 8.1.6–8.1.9',
    title: { zh: '制度、人员与建设管理', en: 'Rules, people and construction' },
    means: {
      zh: '由管理制度与部署单位落实；离岗收权与交接由平台一步完成',
      en: 'Kept by management; leavers lose rights and hand over in one step of the platform',
    },
    evidence: ({ leavers: { ended, rightsLeft } }) => [
      seen(
        rightsLeft === 0,
        `一年内停用账号 ${ended} 个；已停用账号名下仍生效的授权 ${rightsLeft} 项`,
        `${ended} accounts ended within a year; ${rightsLeft} rights of ended accounts are still in force`,
        '/settings/people',
      ),
    ],
  },
  {
    id: 'operations',
    source: 'GB/T 22239 8.1.10',
    title: { zh: '运维管理', en: 'Operations' },
    means: {
      zh: '巡检、变更审批与回退、事件分级、应急预案每年演练',
      en: 'Rounds, approved changes with rollback, graded incidents, yearly drills of emergency plans',
    },
    evidence: ({ rounds, changes }) => [
      seen(rounds > 0, `30 天内巡检 ${rounds} 次`, `${rounds} rounds within 30 days`, '/duty/rounds'),
      seen(true, `一年内变更 ${changes} 件`, `${changes} changes within a year`, '/work/changes'),
    ],
  },
  {
    id: 'cloud',
    source: 'GB/T 22239 8.2',
    title: { zh: '云计算扩展', en: 'Cloud extension' },
    means: {
      zh: '单位之间逐行隔离；准入校验系统等级；对单位资源的操作须其同意并可由其查看；设施位置由部署单位落实',
      en: 'Rows of bureaus are kept apart; admission checks the level; operations upon a bureau’s resources need its consent and are visible to it; where the facilities lie is up to deployment',
    },
    evidence: () => [],
  },
  {
    id: 'cryptography',
    source: 'GB/T 39786',
    title: { zh: '密码应用', en: 'Cryptography' },
    means: {
      zh: '密钥只经一处使用，可换为经认证的密码机；软件实现只限自测，不作密评证据',
      en: 'Keys are used in one place, which a certified device can take over; the software in it is for self-tests and no evidence',
    },
    evidence: ({ ledger, https, keyProvider }) => [
      seen(
        keyProvider.startsWith('device:'),
        keyProvider.startsWith('device:') ? '密钥由密码设备保管' : `密钥由软件保管（${keyProvider}），不作密评证据`,
        keyProvider.startsWith('device:') ? 'Keys are kept by a device' : `Keys are kept by software (${keyProvider}): no evidence`,
      ),
      seen(ledger.digest === 'SM3', `新事实的摘要用 ${ledger.digest}`, `New facts are digested by ${ledger.digest}`, '/records/ledger'),
      seen(https, https ? '传输加密' : '传输未加密', https ? 'Encrypted in transit' : 'Not encrypted in transit'),
    ],
  },
  {
    id: 'time',
    source: 'GB/T 22239 8.1.4.3',
    title: { zh: '时间一致', en: 'One time' },
    means: {
      zh: '与时间服务器同步，偏差超过 100 毫秒告警；存 UTC，按北京时间显示',
      en: 'Synchronised; an alarm beyond 100 ms; stored in UTC, shown in Beijing time',
    },
    evidence: ({ health }) => [
      seen(
        health.clock === 'OK',
        health.clock === 'OK' ? '服务进程与数据库时钟一致' : '时钟检查未通过或尚未进行',
        health.clock === 'OK' ? 'Clocks of servers and database agree' : 'The clock check failed or was not made yet',
        '/settings/health',
      ),
    ],
  },
  {
    id: 'incidents',
    source: 'GB/T 22239 8.1.10.12',
    title: { zh: '网络安全事件报送', en: 'Reporting of security incidents' },
    means: {
      zh: '事件页有判级向导、法定报送倒计时与要素清单；处置由人',
      en: 'The incident page has a grading wizard, the statutory countdown and what to report; people act',
    },
    evidence: ({ securityEvents: { graded, reported } }) => [
      seen(
        true,
        `一年内判级 ${graded} 次，已报送 ${reported} 次`,
        `${graded} gradings and ${reported} reports to the authority within a year`,
        '/duty/incidents',
      ),
    ],
  },
  {
    id: 'assessment',
    source: 'GB/T 22239',
    title: { zh: '测评周期', en: 'Assessment' },
    means: { zh: '等保三级与密评每年一次，由主管部门与测评机构进行', en: 'Yearly assessment by the authorities’ assessors' },
    evidence: () => [],
  },
  {
    id: 'service',
    source: 'GB/T 28827.1',
    title: { zh: '运行维护服务能力', en: 'Capability of operation services' },
    means: {
      zh: '人员、过程、技术、资源与管理五要素的台账：岗位与培训、流程与版本、监控与知识、资源与合同条款',
      en: 'Records of people, processes, technology, resources and their management: posts and training, processes with versions, monitoring and knowledge, resources and the clauses of the plan',
    },
    evidence: ({ changes, rounds }) => [
      seen(rounds > 0 || changes > 0, '过程记录见履约看板各条款', 'What was done stands behind each clause of the board', '/proof/board'),
    ],
  },
]

/** Every control with what was found for it. */
export const judgeControls = (facts: Assured): Control[] =>
  rules.map(({ id, source, title, means, evidence }) => {
    const found = evidence(facts)
    return { id, source, title, means, state: stateOf(found), evidence: found }
  })
