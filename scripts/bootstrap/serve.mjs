import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { say } from './say.mjs'

const steps = {
  database: ['数据库就绪', 'Database ready'],
  'upgrade-closed': ['升级开始，暂停办理', 'Upgrade begins, the product is read-only'],
  'upgrade-backup': ['升级前备份完成', 'Backup before the upgrade taken'],
  migrated: ['数据结构就绪', 'Schema up to date'],
  prepared: ['服务方案与数据就绪', 'Plan and data loaded'],
}
const MARK = '@changbai '
const WARNING_LEVEL = 40

/** Columns that line up although a Chinese character is two columns wide. */
const widthOf = (text) => [...text].reduce((sum, character) => sum + (character.codePointAt(0) > 0x2e7f ? 2 : 1), 0)
const pad = (text, width) => text + ' '.repeat(Math.max(0, width - widthOf(text)))

function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]))))
  for (const row of rows) process.stdout.write(`    ${row.map((cell, column) => pad(cell, widths[column])).join('   ')}\n`)
}

function printReady({ publicUrl, signIns, setUpUrl }, { tls, dataDir }) {
  process.stdout.write(`\n  长白 Changbai   ${publicUrl}\n`)
  if (setUpUrl) process.stdout.write(`\n  初始设置 Set up once:  ${setUpUrl}\n`)
  if (signIns?.length > 0) {
    process.stdout.write('\n  演示账号 Demo sign-ins\n')
    printTable([
      ['姓名 name', '角色 role', '账号 sign-in', '密码 password'],
      ...signIns.map((one) => [one.name, one.role, one.signIn, one.password]),
    ])
  }
  if (tls)
    process.stdout.write(
      `\n  根证书（手机等设备须先信任） Certificate authority to trust on phones:  ${join(dataDir, 'tls/authority.pem')}\n`,
    )
  process.stdout.write(`\n  日志 Log: ${join(dataDir, 'changbai.log')}    停止 Stop: Ctrl-C\n\n`)
}

const BAR = 30
/** History fills in while pages are served: one line that the terminal rewrites, or a line every ten percent. */
function showWorld({ share, on }) {
  const percent = Math.round(share * 100)
  if (!process.stdout.isTTY && percent % 10 !== 0) return
  const done = Math.round(share * BAR)
  const line = `  补写历史 Filling in history  ${'█'.repeat(done)}${'░'.repeat(BAR - done)} ${String(percent).padStart(3)} %  ${on}`
  process.stdout.write(process.stdout.isTTY ? `\r${line}${percent === 100 ? '\n' : ''}` : `${line}\n`)
}

/** Warnings and errors are shown, everything else goes to the log file only. */
function showIfGrave(line) {
  try {
    const { level, msg, err } = JSON.parse(line)
    if (level >= WARNING_LEVEL) process.stderr.write(`  ! ${msg}${err?.message ? `: ${err.message}` : ''}\n`)
  } catch {
    process.stderr.write(`${line}\n`)
  }
}

const REOPEN_MS = 30_000

/** A full disk costs lines of the log, never the server; it is opened anew every half minute until it can be written again. */
function openLog(path) {
  let stream
  let reopenAt = 0
  return (line) => {
    if ((!stream || stream.destroyed) && Date.now() >= reopenAt) {
      stream = createWriteStream(path, { flags: 'a', mode: 0o600 })
      stream.on('error', ({ code }) => {
        reopenAt = Date.now() + REOPEN_MS
        process.stderr.write(`  ! 日志无法写入 the log cannot be written: ${path} (${code})\n`)
      })
    }
    if (stream && !stream.destroyed) stream.write(`${line}\n`)
  }
}

/** Making a quarter of history leaves much behind that is soon forgotten: in rooms this large it is swept four times less often. */
const SWEEP = '--max-semi-space-size=64'

/**
 * Runs the server until it ends. Ctrl-C reaches the server too, because both are in the terminal's group; it stops itself and its database,
 * and we wait for it. @returns its exit code
 */
export function serve({ root, runtime, dataDir, tls, args }) {
  const log = openLog(join(dataDir, 'changbai.log'))
  const server = spawn(runtime, [...(args.includes('--world') ? [SWEEP] : []), join(root, 'packages/server/src/app/main.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CHANGBAI_TELL: '1' },
  })
  const onEvent = ({ event, ...data }) => {
    if (event === 'step' && steps[data.name]) say(...steps[data.name])
    if (event === 'ready') printReady(data, { tls, dataDir })
    if (event === 'world') showWorld(data)
  }
  createInterface({ input: server.stdout }).on('line', (line) => {
    if (line.startsWith(MARK)) return onEvent(JSON.parse(line.slice(MARK.length)))
    log(line)
    showIfGrave(line)
  })
  createInterface({ input: server.stderr }).on('line', (line) => {
    log(line)
    // why a start was refused is said here, too
    process.stderr.write(`${line}\n`)
  })

  let interrupts = 0
  process.on('SIGINT', () => {
    interrupts += 1
    if (interrupts === 1) say('\n正在停止', 'Stopping')
    // a terminal signals the whole group; where only we were told, the server must hear of it too. A third time means: at once
    server.kill(interrupts < 3 ? 'SIGINT' : 'SIGKILL')
  })
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill('SIGTERM'))
  return new Promise((resolve) => server.once('close', (code, signal) => resolve(code ?? (signal === 'SIGKILL' ? 137 : 0))))
}
