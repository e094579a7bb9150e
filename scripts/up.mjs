/**
 * `npm run up`: from a fresh clone to a running server. Plain JavaScript for Node 20 and without any package, because it runs before anything
 * is installed. Settings are environment variables, listed in docs/operations.md.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureInstalled } from './bootstrap/install.mjs'
import { checkDataFolder, checkPort } from './bootstrap/preflight.mjs'
import { findRuntime } from './bootstrap/runtime.mjs'
import { EXIT, Refusal, refuse } from './bootstrap/say.mjs'
import { serve } from './bootstrap/serve.mjs'
import { ensureWeb } from './bootstrap/web.mjs'

const HELP = `npm run up [-- --small] [-- --empty] [-- --tls]
  --small   只装小演示，不补写历史         the small demo only: no quarter of history
  --empty   不装演示数据，打开初始设置页   without demo data; opens the set-up page
  --tls     使用本机根证书签发的 HTTPS     HTTPS with a local certificate authority
PORT HOST DATA_DIR DATABASE_URL PUBLIC_URL SECRET_FILE TRUST_PROXY
`
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

function readOptions() {
  try {
    return parseArgs({
      options: { small: { type: 'boolean' }, empty: { type: 'boolean' }, tls: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    }).values
  } catch (error) {
    return refuse(`不认识的参数：${error.message.split('. To specify')[0]}`, HELP, EXIT.setting)
  }
}

async function up() {
  const options = readOptions()
  if (options.help) {
    process.stdout.write(HELP)
    return 0
  }
  const port = Number(process.env.PORT ?? 3000)
  const dataDir = resolve(root, process.env.DATA_DIR || 'data')
  // a PORT that is no port is refused by the server with the other settings
  if (Number.isInteger(port) && port > 0 && port < 65_536) await checkPort(process.env.HOST || '127.0.0.1', port)
  checkDataFolder(dataDir)
  // a bundle holds everything already, and there may be no network
  const isBundle = existsSync(join(root, 'bundle.json'))
  if (!isBundle) await ensureInstalled(root)
  const runtime = findRuntime(root)
  if (!isBundle) ensureWeb(root, runtime)
  const args = [options.empty ? '--empty' : !options.small && '--world', options.tls && '--tls'].filter(Boolean)
  return serve({ root, runtime, dataDir, tls: options.tls, args })
}

up().then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`\n${error instanceof Refusal ? error.message : error.stack}\n`)
    process.exit(error instanceof Refusal ? error.code : EXIT.failed)
  },
)
