import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { refuse, showStep } from './say.mjs'

const INSTALL_BYTES = 1_200_000_000

const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/**
 * Does node_modules hold what the lockfile says? npm writes its own copy of the lockfile last, so an interrupted installation does not
 * look whole; what it lists must be there too, since two installations at once can undo each other. Packages for other machines may be missing.
 */
export function isInstalled(root) {
  const wanted = readJson(join(root, 'package-lock.json'))
  const present = readJson(join(root, 'node_modules/.package-lock.json'))
  if (!wanted || !present) return false
  return Object.entries(wanted.packages).every(([path, { version, optional, link }]) => {
    if (!path.startsWith('node_modules/') || link) return true
    const found = present.packages[path]
    return found ? found.version === version && existsSync(join(root, path, 'package.json')) : optional === true
  })
}

/** What npm prints is kept for the case of failure; warnings about the Node that only runs this script would greet every stranger. */
const isNoise = (line) => /^npm (warn|notice)/i.test(line)

function explainFailure(output) {
  if (/ENOSPC/.test(output)) refuse('磁盘已满，无法安装依赖。', 'The disk is full: packages cannot be installed.')
  if (/EROFS|EACCES|EPERM/.test(output))
    refuse('目录不可写，无法安装依赖。', `This folder cannot be written: packages cannot be installed.\n${output}`)
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET/.test(output))
    refuse(
      '无法连接 npm 仓库，请检查网络或 npm 的 registry 设置。',
      `The npm registry cannot be reached; check the network or npm's registry setting.\n${output}`,
    )
  refuse('依赖安装失败。', `Installing packages failed.\n${output}`)
}

/** Installs from the lockfile unless that has been done. */
export async function ensureInstalled(root) {
  if (isInstalled(root)) return
  const { bavail, bsize } = statfsSync(root)
  if (!existsSync(join(root, 'node_modules')) && bavail * bsize < INSTALL_BYTES)
    refuse(
      `磁盘空间不足：安装需要约 ${INSTALL_BYTES / 1e9} GB，仅剩 ${(bavail * bsize) / 1e9} GB。`,
      `Not enough disk space: about ${INSTALL_BYTES / 1e9} GB are needed, ${((bavail * bsize) / 1e9).toFixed(1)} GB are free.`,
    )
  const done = showStep('安装依赖（首次约一分钟）', 'Installing packages (about a minute the first time)')
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm']
  const [command, ...args] = [...npm, 'ci', '--no-audit', '--no-fund', '--loglevel=warn']
  const { code, output } = await new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_ENV: '' } })
    // Ctrl-C must not leave an installation behind that the next one trips over
    const end = () => child.kill()
    process.once('exit', end)
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.once('error', (error) => resolve({ code: 1, output: String(error) }))
    child.once('close', (code) => {
      process.off('exit', end)
      process.removeAllListeners('SIGINT')
      process.removeAllListeners('SIGTERM')
      resolve({ code, output })
    })
  })
  done()
  const lines = output.split('\n').filter((line) => !isNoise(line))
  if (code !== 0) explainFailure(lines.join('\n').trim())
}
