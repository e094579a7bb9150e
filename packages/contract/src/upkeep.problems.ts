import { problem } from './problem.ts'

export const upkeepProblems = {
  /** Answers every command while only reading is possible; `Retry-After` says when to come back. */
  readOnly: problem('upkeep.read-only', 503, {
    zh: '系统正在维护，只能查看，暂不受理办理。{reason}',
    en: 'The system is under maintenance: you can read, nothing is taken in. {reason}',
  }),
  /** An older process met a database that a newer program has upgraded. */
  replaced: problem('upkeep.replaced', 503, {
    zh: '系统已升级，这个进程是旧版本，请稍候重试',
    en: 'The system was upgraded and this process is the older one; try again shortly',
  }),
  busy: problem('upkeep.busy', 409, { zh: '已有一次正在进行', en: 'One is running already' }),
  noBackup: problem('upkeep.no-backup', 409, { zh: '还没有可以演练的备份', en: 'There is no backup to rehearse yet' }),
  untilPast: problem('upkeep.until-past', 400, { zh: '预计恢复时间须晚于现在', en: 'The expected end must lie ahead' }),
  upgrading: problem('upkeep.upgrading', 409, {
    zh: '正在升级，升级完成后自动恢复办理',
    en: 'An upgrade is running; work resumes by itself when it is finished',
  }),
} as const
