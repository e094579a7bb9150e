import { type Command, printJson, UsageError } from './cli/command.ts'
import { keepCompiled } from './compiled.ts'

if (import.meta.main) keepCompiled()

/** Each command loads only what it needs: those that read files start in a fraction of a second. */
const commands: Record<string, () => Promise<{ command: Command }>> = {
  deadline: () => import('./cli/deadline.ts'),
  plan: () => import('./cli/plan.ts'),
  process: () => import('./cli/process.ts'),
  openapi: () => import('./cli/openapi.ts'),
  availability: () => import('./cli/availability.ts'),
  verify: () => import('./cli/verify.ts'),
  probe: () => import('./cli/probe.ts'),
  duty: () => import('./cli/duty.ts'),
  clocks: () => import('./cli/clocks.ts'),
  clauses: () => import('./cli/clauses.ts'),
  report: () => import('./cli/report.ts'),
  reclaim: () => import('./cli/reclaim.ts'),
  rules: () => import('./cli/rules.ts'),
  impact: () => import('./cli/impact.ts'),
  inventory: () => import('./cli/inventory.ts'),
  doctor: () => import('./cli/doctor.ts'),
  user: () => import('./cli/user.ts'),
  demo: () => import('./cli/demo.ts'),
  backup: () => import('./cli/backup.ts'),
  restore: () => import('./cli/restore.ts'),
  rollback: () => import('./cli/rollback.ts'),
  keys: () => import('./cli/keys.ts'),
}

const OVERVIEW = `usage: npm run -s changbai -- COMMAND [...]        长白命令行

  deadline   when a limit ends, day by day          时限逐日推算
  plan       check a folder of the plan             检查方案
  process    check or play a process definition     检查、试跑流程
  openapi    print the OpenAPI 3.1 document         接口文档
  availability  of one application, from a file     可用性计算
  probe      look at applications from anywhere     探测点
  verify     check an export of the ledger          核验台账导出
  duty       who is on duty, in paging order        值班与呼叫次序
  clocks     judge the clocks of an incident        故障三时钟判定
  clauses    what each clause came to in a month    条款履约
  report     the monthly report as Word             月报 Word
  reclaim    is a server idle, or too large         闲置与过高判定
  rules      check and compile rule packs           检查、编译监控规则
  impact     what follows if one thing is lost      影响分析
  doctor     is this machine fit, and what to do     体检
  inventory  where cloud and records differ         云与台账差异
  user       create, disable, reset, list accounts  账号
  demo       fill an empty installation             演示世界
  backup     write a backup of the database         备份
  restore    restore one into an empty database     恢复
  rollback   back to before an upgrade              退回升级前
  keys       data keys: status, change, seal anew   数据密钥

COMMAND --help tells the rest. --json: standard output is JSON alone.
Exit codes: 0 fine, 1 a finding, 2 wrong use.`

const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** Says it in one line for people; under --json standard output says it too, so that a script has one place to read. */
function refuse(message: string, json: boolean): void {
  if (json) printJson({ error: message })
  say(message)
}

/** parseArgs says what it did not understand by an error with such a code, and advice of its own after the first sentence. */
function usageMessage(error: unknown): string | null {
  if (error instanceof UsageError) return error.message
  if (!(error instanceof Error) || !String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')) return null
  return error.message.split(/\. To specify|\n/)[0] ?? error.message
}

async function runNamed(argv: readonly string[], json: boolean): Promise<number> {
  const [name, ...args] = argv
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${OVERVIEW}\n`)
    return 0
  }
  const load = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!load) {
    const known = Object.keys(commands).join(' ')
    refuse(
      `${name === undefined || name.startsWith('-') ? 'a command is missing' : `there is no command ${JSON.stringify(name)}`}; there are: ${known}`,
      json,
    )
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
    const message = usageMessage(error)
    if (message === null) throw error
    refuse(`${message}; see: changbai ${name} --help`, json)
    return 2
  }
}

/** One whole call, as typed behind `changbai`. @returns the exit code */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const json = argv.includes('--json')
  try {
    return await runNamed(argv, json)
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error), json)
    return 1
  }
}

if (import.meta.main) {
  // npm runs us in its own folder; files are named from where the caller stands
  if (process.env.npm_lifecycle_event === 'changbai' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD)
  // a reader that closes early (| head) is no failure
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  process.exitCode = await runCommandLine(process.argv.slice(2))
}
