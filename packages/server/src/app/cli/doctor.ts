import { existsSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createLog } from '../../platform/log.ts'
import { knownMigrations } from '../../platform/migrate.ts'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { checkBucket } from '../doctor/bucket.ts'
import { checkClock, judgeOffset } from '../doctor/clock.ts'
import { judgeDatabase } from '../doctor/database.domain.ts'
import { readDatabase, readServices } from '../doctor/database.store.ts'
import { checkDirectory } from '../doctor/directory.ts'
import { type Finding, ok, trouble } from '../doctor/finding.ts'
import { judgeMachine } from '../doctor/machine.domain.ts'
import { readMachine } from '../doctor/machine.ts'
import { checkServices } from '../doctor/services.ts'
import { openStore, StoreError } from '../open-store.ts'
import { type Command, languageOf, print, printJson, UsageError } from './command.ts'

/** Read by anyone but its owner, the keys are no secret. */
const OTHERS_MAY_READ = 0o077

function checkSecrets({ secretFile, databaseUrl }: Config): Finding {
  if (!existsSync(secretFile))
    return databaseUrl
      ? trouble(
          'failed',
          'secrets',
          [`密钥文件不存在：${secretFile}`, `The secret file does not exist: ${secretFile}`],
          ['按运维手册生成一份，所有进程共用', 'make one as the operations guide tells; all processes share it'],
        )
      : ok('secrets', '密钥文件首次启动时生成', 'The secret file is made at the first start')
  return statSync(secretFile).mode & OTHERS_MAY_READ
    ? trouble(
        'failed',
        'secrets',
        [`密钥文件他人可读：${secretFile}`, `Others may read the secret file: ${secretFile}`],
        [`chmod 600 ${secretFile}`, `chmod 600 ${secretFile}`],
      )
    : ok('secrets', '密钥文件仅属主可读', 'Only its owner reads the secret file')
}

async function checkStore(config: Config): Promise<Finding[]> {
  try {
    const store = await openStore(config, createLog('silent'))
    try {
      const facts = await readDatabase(store.url)
      const findings = judgeDatabase(facts, await knownMigrations())
      if (!store.embedded) findings.push(judgeOffset('数据库服务器', 'the database server', facts.clockAheadMs))
      return facts.migrations === null ? findings : [...findings, ...(await checkServices(await readServices(store.url), Date.now()))]
    } finally {
      await store.stop()
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return [trouble('failed', 'database', [error.message, error.message], ['先让数据库可用', 'make the database usable first'])]
  }
}

const marks = { ok: '✓', warning: '!', failed: '✗', unknown: '?' } as const

export const command: Command = {
  usage: `usage: changbai doctor [--ntp HOST[:PORT]] [--lang zh|en] [--json]

Looks at machine, clock, disk, settings, secrets, database, mail, cloud, bucket and directory, and says what to do. Nothing is changed, except that the embedded
database is started when it is down. Exit code 1 when something failed.
  --ntp   a time server to compare the clock with`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { ntp: { type: 'string' }, lang: { type: 'string', default: 'zh' }, json: { type: 'boolean', default: false } },
    })
    const language = languageOf(values.lang)
    if (positionals.length > 0) throw new UsageError('doctor takes no file')
    const findings: Finding[] = []
    try {
      const config = readConfig(process.env, { demo: false, tls: false })
      findings.push(...judgeMachine(readMachine(config)), await checkClock(values.ntp), checkSecrets(config), ...(await checkStore(config)))
      if (config.bucket) findings.push(await checkBucket(config.bucket))
      if (config.ldap) findings.push(await checkDirectory(config.ldap))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      findings.push(trouble('failed', 'settings', [error.message, error.message], ['改正环境变量', 'correct the environment variable']))
    }
    const failed = findings.filter(({ state }) => state === 'failed').length
    if (values.json) printJson({ ok: failed === 0, findings })
    else
      for (const finding of findings) {
        print(`${marks[finding.state]} ${finding.check.padEnd(9)} ${finding[language]}`)
        if (finding.todo) print(`${' '.repeat(12)}→ ${finding.todo[language]}`)
      }
    return failed === 0 ? 0 : 1
  },
}
