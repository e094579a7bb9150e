import { enableCompileCache } from 'node:module'
import { type Command, UsageError } from './cli/command.ts'

// what was compiled once is not compiled again: a tenth of a second off every start
enableCompileCache()

/** Each command loads only what it needs: those that read files start in a fraction of a second. */
const commands: Record<string, () => Promise<{ command: Command }>> = {
  deadline: () => import('./cli/deadline.ts'),
  plan: () => import('./cli/plan.ts'),
  process: () => import('./cli/process.ts'),
  openapi: () => import('./cli/openapi.ts'),
  availability: () => import('./cli/availability.ts'),
  verify: () => import('./cli/verify.ts'),
  clocks: () => import('./cli/clocks.ts'),
  clauses: () => import('./cli/clauses.ts'),
  user: () => import('./cli/user.ts'),
  backup: () => import('./cli/backup.ts'),
  restore: () => import('./cli/restore.ts'),
}

const OVERVIEW = `usage: npm run -s changbai -- COMMAND [...]        长白命令行

  deadline   when a limit ends, day by day          时限逐日推算
  plan       check a folder of the plan             检查方案
  process    check or play a process definition     检查、试跑流程
  openapi    print the OpenAPI 3.1 document         接口文档
  availability  of one application, from a file     可用性计算
  verify     check an export of the ledger          核验台账导出
  clocks     judge the clocks of an incident        故障三时钟判定
  clauses    what each clause came to in a month    条款履约
  user       create, disable, reset, list accounts  账号
  backup     write a backup of the database         备份
  restore    restore one into an empty database     恢复

COMMAND --help tells the rest. --json: standard output is JSON alone.
Exit codes: 0 fine, 1 a finding, 2 wrong use.`

const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

async function run(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    if (name === undefined) {
      say(OVERVIEW)
      return 2
    }
    process.stdout.write(`${OVERVIEW}\n`)
    return 0
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!load) {
    say(`there is no command ${JSON.stringify(name)}\n\n${OVERVIEW}`)
    return 2
  }
  const { command } = await load()
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${command.usage}\n`)
    return 0
  }
  try {
    return await command.run(args)
  } catch (error) {
    // parseArgs says what it did not understand by an error with such a code
    const isUsage = error instanceof UsageError || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')
    if (!isUsage) throw error
    say(`${(error as Error).message}\n\n${command.usage}`)
    return 2
  }
}

// a reader that closes early (| head) is no failure
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  },
)
