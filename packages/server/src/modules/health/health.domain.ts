import type { HealthCheckId, HealthState } from '@changbai/contract/health.ts'

type Words = { zh: string; en: string }

/** What was measured of the platform at one instant; null: it could not be measured. */
export interface Vitals {
  /** Milliseconds the database took to answer. */
  databaseMs: number
  connections: number
  connectionsMax: number
  /** Free share of the fullest disk any living process writes to, 0..1. */
  diskFree: number | null
  /** Milliseconds by which our clock is ahead of the database's. */
  clockAheadMs: number
  /** Milliseconds by which the clock fell behind the last look; 0 where time went forward. */
  clockSteppedBackMs: number
  processes: number
  versions: readonly string[]
  /** The longest a living process was too busy to answer. */
  loopLagMs: number
  /** Seconds the oldest due job has waited. */
  jobWaitSeconds: number
  jobsFailed: number
  /** Seconds by which the latest timer of a process instance is overdue. */
  timerLateSeconds: number
  stuckInstances: number
  /** Age of the oldest fact that is not sealed. */
  unsealedSeconds: number
  /** Notices that could not be sent, over the last day. */
  undelivered: number
  undeliveredSeconds: number
  /** Hours since the last backup that succeeded; null: none ever did. */
  backupHours: number | null
  /** By the rules of whoever keeps them: before the first one, the day of installation counts. */
  isBackupLate: boolean
  isDrillLate: boolean
  /** The last reading of the directory of accounts and its age; null: none was ever read. */
  directory: { outcome: 'DONE' | 'HELD' | 'FAILED'; hours: number } | null
}

export interface Finding {
  check: HealthCheckId
  state: HealthState
  says: Words
  todo: Words | null
}

/** From which figure on a check warns, and from which it fails. */
const limits = {
  databaseMs: [500, 3_000],
  connectionShare: [0.8, 0.95],
  clockMs: [100, 1_000],
  loopLagMs: [1_000, 5_000],
  jobWaitSeconds: [300, 1_800],
  timerLateSeconds: [60, 600],
  unsealedSeconds: [300, 1_800],
  undeliveredSeconds: [600, 3_600],
} as const satisfies Record<string, readonly [warning: number, failed: number]>
/** The free share below which a disk is told of. */
const DISK_FREE = { warning: 0.15, failed: 0.05 }

const graded = (value: number, [warning, failed]: readonly [number, number]): HealthState =>
  value >= failed ? 'FAILED' : value >= warning ? 'WARNING' : 'OK'

const percent = (share: number): string => `${Math.round(share * 100)}%`
const spell = (seconds: number): Words => {
  const whole = Math.round(seconds)
  if (whole < 120) return { zh: `${whole} 秒`, en: `${whole} s` }
  if (whole < 7_200) return { zh: `${Math.round(whole / 60)} 分钟`, en: `${Math.round(whole / 60)} min` }
  return { zh: `${Math.round(whole / 3_600)} 小时`, en: `${Math.round(whole / 3_600)} h` }
}

const found = (check: HealthCheckId, state: HealthState, says: Words, todo: Words): Finding => ({
  check,
  state,
  says,
  todo: state === 'OK' ? null : todo,
})

type Judge = (vitals: Vitals) => Finding

const database: Judge = ({ databaseMs }) =>
  found(
    'database',
    graded(databaseMs, limits.databaseMs),
    { zh: `数据库 ${Math.round(databaseMs)} 毫秒内应答`, en: `The database answered in ${Math.round(databaseMs)} ms` },
    { zh: '查看下方慢语句与数据库主机的负载', en: 'look at the slow statements below and at the load of the database host' },
  )

const connections: Judge = ({ connections: used, connectionsMax }) =>
  found(
    'connections',
    graded(used / connectionsMax, limits.connectionShare),
    { zh: `已用 ${used} 个连接，上限 ${connectionsMax}`, en: `${used} of ${connectionsMax} connections in use` },
    {
      zh: '减少服务进程，或提高数据库的 max_connections',
      en: 'run fewer server processes, or raise max_connections of the database',
    },
  )

const disk: Judge = ({ diskFree }) =>
  diskFree === null
    ? found(
        'disk',
        'UNKNOWN',
        { zh: '读不到磁盘余量', en: 'Free disk space could not be read' },
        { zh: '运行 changbai doctor', en: 'run changbai doctor' },
      )
    : found(
        'disk',
        diskFree < DISK_FREE.failed ? 'FAILED' : diskFree < DISK_FREE.warning ? 'WARNING' : 'OK',
        { zh: `最满的磁盘余 ${percent(diskFree)}`, en: `${percent(diskFree)} of the fullest disk is free` },
        {
          zh: '扩容，或缩短遥测与日志的保存期；写满后只能读',
          en: 'extend it or keep telemetry and logs for less long; a full disk allows reading only',
        },
      )

const clock: Judge = ({ clockAheadMs, clockSteppedBackMs }) => {
  const todo = {
    zh: '用 chrony 对时；时限与可用性按这个时钟计',
    en: 'keep it by chrony; limits and availability are judged by this clock',
  }
  if (clockSteppedBackMs >= limits.clockMs[1]) {
    const by = spell(clockSteppedBackMs / 1_000)
    return found('clock', 'FAILED', { zh: `时钟倒退了 ${by.zh}`, en: `The clock stepped back by ${by.en}` }, todo)
  }
  const off = Math.abs(Math.round(clockAheadMs))
  return found(
    'clock',
    graded(off, limits.clockMs),
    { zh: `服务进程与数据库相差 ${off} 毫秒`, en: `Server and database differ by ${off} ms` },
    todo,
  )
}

const processes: Judge = ({ processes: alive, versions, loopLagMs }) => {
  const mixed = versions.length > 1
  const state = alive === 0 ? 'UNKNOWN' : mixed ? 'WARNING' : graded(loopLagMs, limits.loopLagMs)
  return found(
    'processes',
    state,
    {
      zh: `${alive} 个服务进程，版本 ${versions.join('、') || '—'}，最长停顿 ${loopLagMs} 毫秒`,
      en: `${alive} server processes, version ${versions.join(', ') || '—'}, longest stall ${loopLagMs} ms`,
    },
    mixed
      ? { zh: '把其余进程也升到同一版本', en: 'bring the other processes to the same version' }
      : { zh: '查看进程主机的处理器负载', en: 'look at the processor load of the hosts' },
  )
}

const jobs: Judge = ({ jobWaitSeconds, jobsFailed }) => {
  const wait = spell(jobWaitSeconds)
  const state = graded(jobWaitSeconds, limits.jobWaitSeconds)
  return found(
    'jobs',
    state === 'OK' && jobsFailed > 0 ? 'WARNING' : state,
    { zh: `最久的作业已等 ${wait.zh}；放弃的作业 ${jobsFailed} 个`, en: `The oldest due job waits ${wait.en}; ${jobsFailed} given up` },
    {
      zh: '到“队列”看原因，修好后逐个重试',
      en: 'see the reasons under queues, and try them again once mended',
    },
  )
}

const timers: Judge = ({ timerLateSeconds, stuckInstances }) => {
  const late = spell(timerLateSeconds)
  const state = graded(timerLateSeconds, limits.timerLateSeconds)
  return found(
    'timers',
    state === 'OK' && stuckInstances > 0 ? 'WARNING' : state,
    {
      zh: `流程定时最晚迟 ${late.zh}；停住的步骤 ${stuckInstances} 个`,
      en: `Timers of processes are late by up to ${late.en}; ${stuckInstances} steps are stuck`,
    },
    { zh: '到“流程 › 运行维护”处理停住的步骤', en: 'deal with the stuck steps under process operations' },
  )
}

const ledger: Judge = ({ unsealedSeconds }) => {
  const age = spell(unsealedSeconds)
  return found(
    'ledger',
    graded(unsealedSeconds, limits.unsealedSeconds),
    { zh: `最早的未封存事实已有 ${age.zh}`, en: `The oldest unsealed fact is ${age.en} old` },
    { zh: '查看作业 ledger.seal 失败的原因', en: 'see why the job ledger.seal fails' },
  )
}

const mail: Judge = ({ undelivered, undeliveredSeconds }) => {
  const wait = spell(undeliveredSeconds)
  const state = graded(undeliveredSeconds, limits.undeliveredSeconds)
  return found(
    'mail',
    state === 'OK' && undelivered > 0 ? 'WARNING' : state,
    {
      zh: `一日内未送达 ${undelivered} 条，最久的已等 ${wait.zh}`,
      en: `${undelivered} notices not delivered within a day, the oldest waits ${wait.en}`,
    },
    { zh: '到“设置 › 送达”看原因并检查通道', en: 'see the reasons under deliveries and check the channels' },
  )
}

const backup: Judge = ({ backupHours, isBackupLate, isDrillLate }) => {
  const says =
    backupHours === null
      ? { zh: '还没有成功的备份', en: 'No backup has succeeded yet' }
      : {
          zh: `最近一次成功的备份在 ${spell(backupHours * 3_600).zh}前`,
          en: `The last backup that succeeded is ${spell(backupHours * 3_600).en} old`,
        }
  if (isDrillLate && !isBackupLate)
    return found(
      'backup',
      'WARNING',
      { zh: `${says.zh}；恢复演练逾期`, en: `${says.en}; the restore drill is overdue` },
      { zh: '到“设置 › 备份”做一次恢复演练', en: 'run a restore drill under backups' },
    )
  return found('backup', isBackupLate ? 'FAILED' : 'OK', says, {
    zh: '到“设置 › 备份”看失败的原因并立即备份',
    en: 'see under backups why it failed, and back up now',
  })
}

/** Read every night; one night may fail while somebody works on it. */
const DIRECTORY_HOURS = 50
const directory: Judge = ({ directory: last }) => {
  if (!last) return found('directory', 'OK', { zh: '没有接入账号目录', en: 'No directory is connected' }, { zh: '', en: '' })
  const age = spell(last.hours * 3_600)
  const isLate = last.hours >= DIRECTORY_HOURS
  const outcome = {
    DONE: { zh: '成功', en: 'succeeded' },
    HELD: { zh: '被拦下待核对', en: 'was held back to be looked at' },
    FAILED: { zh: '失败', en: 'failed' },
  }[last.outcome]
  return found(
    'directory',
    isLate ? 'FAILED' : last.outcome === 'DONE' ? 'OK' : 'WARNING',
    { zh: `最近一次读目录在 ${age.zh}前，${outcome.zh}`, en: `The directory was last read ${age.en} ago and ${outcome.en}` },
    {
      zh: '运行 changbai doctor，到“设置 › 目录”看原因；本地账号照常登录',
      en: 'run changbai doctor and see the reason under the directory; local accounts sign in',
    },
  )
}

const judges: readonly Judge[] = [database, connections, disk, clock, processes, jobs, timers, ledger, mail, backup, directory]

/** Every check, in the order of the page. */
export const judgeVitals = (vitals: Vitals): Finding[] => judges.map((judge) => judge(vitals))

const order: Readonly<Record<HealthState, number>> = { OK: 0, UNKNOWN: 1, WARNING: 2, FAILED: 3 }
/** The worst of them; nothing looked at yet is UNKNOWN. */
export const worstOf = (states: readonly HealthState[]): HealthState =>
  states.reduce<HealthState | null>((worst, state) => (worst && order[worst] >= order[state] ? worst : state), null) ?? 'UNKNOWN'
