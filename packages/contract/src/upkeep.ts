import { z } from 'zod'
import { can, canAny, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { upkeepProblems } from './upkeep.problems.ts'

export { upkeepProblems } from './upkeep.problems.ts'

export const Maintenance = z.object({
  state: z.enum(['OPEN', 'READ_ONLY']),
  cause: z.enum(['ADMINISTRATOR', 'UPGRADE']).nullable(),
  reason: z.string(),
  since: instant.nullable(),
  /** When it is expected to end; a promise to people, nothing ends by it. */
  until: instant.nullable(),
})
export type Maintenance = z.infer<typeof Maintenance>

/** A release as CHANGELOG tells it. */
export const Release = z.object({
  version: z.string(),
  notes: z.array(z.object({ title: z.string().nullable(), text: z.string() })),
})
export type Release = z.infer<typeof Release>

export const UpgradeState = z.enum(['RUNNING', 'FINISHED', 'REFUSED'])
export const Upgrade = z.object({
  id: z.uuid(),
  fromVersion: z.string().nullable(),
  toVersion: z.string(),
  fromLevel: z.string(),
  toLevel: z.string(),
  migrations: z.int(),
  startedAt: instant,
  finishedAt: instant.nullable(),
  state: UpgradeState,
  /** Where the backup taken before lies, on the machine that upgraded. */
  backupFile: z.string().nullable(),
  instances: z.int().nullable(),
  findings: z.array(z.string()),
})

/** Running instances of one version of a process, and what this program lacks to carry them on. */
export const RunningVersion = z.object({
  key: z.string(),
  name: z.string(),
  version: z.int(),
  newest: z.int(),
  instances: z.int(),
  missing: z.array(z.string()),
})

export const BackupState = z.enum(['RUNNING', 'DONE', 'FAILED', 'REMOVED'])
export const BackupRow = z.object({
  id: z.uuid(),
  kind: z.enum(['SCHEDULED', 'MANUAL', 'UPGRADE']),
  state: BackupState,
  place: z.enum(['FOLDER', 'S3']),
  file: z.string(),
  host: z.string(),
  encrypted: z.boolean(),
  startedAt: instant,
  finishedAt: instant.nullable(),
  by: z.string(),
  takenAt: instant.nullable(),
  level: z.string().nullable(),
  sizeBytes: z.int().nullable(),
  tables: z.int().nullable(),
  rows: z.int().nullable(),
  sha256: z.string().nullable(),
  error: z.string().nullable(),
  removedAt: instant.nullable(),
})
export type BackupRow = z.infer<typeof BackupRow>

export const DrillRow = z.object({
  id: z.uuid(),
  backupId: z.uuid().nullable(),
  backupFile: z.string().nullable(),
  state: z.enum(['RUNNING', 'PASSED', 'FAILED']),
  startedAt: instant,
  finishedAt: instant.nullable(),
  by: z.string(),
  tables: z.int().nullable(),
  rows: z.int().nullable(),
  /** Facts and batches of the ledger whose chain and signatures were recomputed. */
  facts: z.int().nullable(),
  batches: z.int().nullable(),
  findings: z.array(z.string()),
})
export type DrillRow = z.infer<typeof DrillRow>

const readBackups = canAny(['backup.run', 'X'], ['backup.run', 'R'])
const readUpkeep = canAny(['upkeep.maintenance', 'X'], ['upkeep.maintenance', 'R'])

export const upkeepApi = {
  maintenance: endpoint({
    method: 'GET',
    path: '/maintenance',
    summary: '是否正在维护（只读）、原因与预计恢复时间',
    access: 'public',
    input: z.object({}),
    reply: Maintenance,
  }),
  setMaintenance: endpoint({
    method: 'PUT',
    path: '/maintenance',
    summary: '转入或结束维护：维护期间只能查看，办理一律答复 503',
    access: can('upkeep.maintenance', 'X'),
    whileReadOnly: true,
    input: z.object({ state: Maintenance.shape.state, reason: text(200), until: instant.nullable().default(null) }),
    reply: Maintenance,
    problems: [upkeepProblems.untilPast, upkeepProblems.upgrading],
  }),
  about: endpoint({
    method: 'GET',
    path: '/about',
    summary: '版本与发布说明',
    access: 'signed-in',
    input: z.object({}),
    reply: z.object({ version: z.string(), level: z.string(), releases: z.array(Release) }),
  }),
  upgrades: endpoint({
    method: 'GET',
    path: '/upgrades',
    summary: '历次升级：备份、迁移、在途流程核对',
    access: readUpkeep,
    input: pageInput,
    reply: page(Upgrade),
  }),
  instances: endpoint({
    method: 'GET',
    path: '/upgrades/instances',
    summary: '在途流程与现版本程序是否相容，按流程版本',
    access: readUpkeep,
    input: z.object({}),
    reply: z.object({ items: z.array(RunningVersion) }),
  }),
  backups: endpoint({
    method: 'GET',
    path: '/backups',
    summary: '备份记录，最新在前',
    access: readBackups,
    input: pageInput,
    reply: page(BackupRow),
  }),
  backupState: endpoint({
    method: 'GET',
    path: '/backups/state',
    summary: '最近一次备份与恢复演练是否逾期，存放处与保留期',
    access: readBackups,
    input: z.object({}),
    reply: z.object({
      last: BackupRow.nullable(),
      lastDrill: DrillRow.nullable(),
      backupLate: z.boolean(),
      drillLate: z.boolean(),
      place: z.enum(['FOLDER', 'S3']),
      folder: z.string(),
      keepDays: z.int(),
      keepMonths: z.int(),
    }),
  }),
  backUp: endpoint({
    method: 'POST',
    path: '/backups',
    summary: '立即备份',
    access: can('backup.run', 'X'),
    whileReadOnly: true,
    input: z.object({}),
    reply: BackupRow,
    problems: [upkeepProblems.busy],
  }),
  drills: endpoint({
    method: 'GET',
    path: '/backups/drills',
    summary: '恢复演练记录，最新在前',
    access: readBackups,
    input: pageInput,
    reply: page(DrillRow),
  }),
  drill: endpoint({
    method: 'POST',
    path: '/backups/drills',
    summary: '立即演练：最近一份备份恢复到临时库，核对行数与台账链',
    access: can('backup.run', 'X'),
    whileReadOnly: true,
    input: z.object({}),
    reply: DrillRow,
    problems: [upkeepProblems.busy, upkeepProblems.noBackup],
  }),
}
