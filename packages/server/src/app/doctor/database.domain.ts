import type { DatabaseFacts, Feature } from './database.store.ts'
import { type Finding, ok, trouble } from './finding.ts'

const OLDEST_MAJOR = 15
const MAX_CONNECTIONS = 40

const featureNames: Record<Feature, readonly [string, string]> = {
  listen: ['LISTEN/NOTIFY（即时推送）', 'LISTEN/NOTIFY (live pages)'],
  skipLocked: ['FOR UPDATE SKIP LOCKED（作业队列）', 'FOR UPDATE SKIP LOCKED (job queue)'],
  partitions: ['声明式分区（监测数据）', 'declarative partitions (telemetry)'],
  icu: ['ICU 拼音排序 zh-x-icu', 'ICU collation zh-x-icu (pinyin order)'],
  pg_trgm: ['扩展 pg_trgm（检索）', 'extension pg_trgm (search)'],
  btree_gist: ['扩展 btree_gist（时段不重叠）', 'extension btree_gist (no overlapping spans)'],
  advisoryLocks: ['事务级咨询锁', 'advisory locks'],
  jsonb: ['jsonb 与路径查询', 'jsonb and path queries'],
  gin: ['数组 GIN 索引（中文检索）', 'GIN index over arrays (Chinese search)'],
}

/** Kin of PostgreSQL that answer on its wire but are not it. */
const kin = [
  [/opengauss/i, 'openGauss'],
  [/gaussdb/i, 'GaussDB'],
  [/kingbase/i, 'KingbaseES'],
] as const

function productOf({ banner, major }: DatabaseFacts): Finding {
  const name = kin.find(([pattern]) => pattern.test(banner))?.[1]
  if (name)
    return trouble(
      'warning',
      'database',
      [
        `${name}：未列入支持；能用的以存储测试通过为准`,
        `${name}: not among the supported; what is supported is what passes the store tests`,
      ],
      [
        '在一个空库上运行 DATABASE_URL=… npm test -- server，全部通过再用',
        'run DATABASE_URL=… npm test -- server on an empty database and use it only when all passes',
      ],
    )
  if (major < OLDEST_MAJOR)
    return trouble(
      'failed',
      'database',
      [`PostgreSQL ${major} 太旧`, `PostgreSQL ${major} is too old`],
      [`升级到 ${OLDEST_MAJOR} 或更新`, `move to ${OLDEST_MAJOR} or newer`],
    )
  return ok('database', `PostgreSQL ${major}`, `PostgreSQL ${major}`)
}

/** @param known the migrations this program carries, in order */
export function judgeDatabase(facts: DatabaseFacts, known: readonly string[]): Finding[] {
  const { encoding, settings, lacking, migrations } = facts
  const findings = [productOf(facts)]
  for (const [feature, why] of Object.entries(lacking)) {
    const [zh, en] = featureNames[feature as Feature]
    findings.push(
      trouble(
        'failed',
        'database',
        [`缺少 ${zh}：${why}`, `It lacks ${en}: ${why}`],
        ['换用标准 PostgreSQL，或请数据库管理员安装所缺部分', 'use a stock PostgreSQL, or have its administrator install what is missing'],
      ),
    )
  }
  if (encoding !== 'UTF8')
    findings.push(
      trouble(
        'failed',
        'database',
        [`编码是 ${encoding}`, `The encoding is ${encoding}`],
        ['以 encoding UTF8 重建数据库', 'make the database anew with encoding UTF8'],
      ),
    )
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes'])
    if (settings[name] === 'off')
      findings.push(
        trouble(
          'failed',
          'database',
          [`${name} 已关闭，断电会丢失已确认的操作`, `${name} is off: a power cut loses what was confirmed`],
          [`打开 ${name}`, `turn ${name} on`],
        ),
      )
  if (Number(settings.max_connections) < MAX_CONNECTIONS)
    findings.push(
      trouble(
        'warning',
        'database',
        [`max_connections 只有 ${settings.max_connections}`, `max_connections is ${settings.max_connections} only`],
        ['每个服务进程需要 16 个连接', 'each server process needs 16 connections'],
      ),
    )
  const newer = migrations?.filter((name) => !known.includes(name)) ?? []
  const missing = migrations === null ? known.length : known.filter((name) => !migrations.includes(name)).length
  if (newer.length > 0)
    findings.push(
      trouble(
        'failed',
        'schema',
        [`数据库比本程序新：${newer.at(-1)}`, `The database is newer than this program: ${newer.at(-1)}`],
        ['启动新版程序', 'start the newer program'],
      ),
    )
  else if (missing > 0)
    findings.push(
      trouble(
        'warning',
        'schema',
        [`有 ${missing} 个数据结构升级尚未执行`, `${missing} migrations are not applied yet`],
        ['启动时自动执行；升级前先备份：changbai backup', 'they are applied at the next start; back up first: changbai backup'],
      ),
    )
  else findings.push(ok('schema', '数据结构为本版本', 'The schema is of this version'))
  return findings
}
