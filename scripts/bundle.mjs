/**
 * `npm run bundle`: one archive a platform that installs and runs without any network. It holds the runtime, the packages, the embedded
 * database, the built pages and fonts, a bill of materials, every licence, and the digest of every file.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureInstalled } from './bootstrap/install.mjs'
import { findRuntime } from './bootstrap/runtime.mjs'
import { EXIT, Refusal, refuse, say } from './bootstrap/say.mjs'
import { ensureWeb } from './bootstrap/web.mjs'
import { writeArchive, writeDigests } from './bundle/archive.mjs'
import { writeLicences } from './bundle/licences.mjs'
import { writeBillOfMaterials } from './bundle/sbom.mjs'
import { platforms, stage } from './bundle/stage.mjs'

const HELP = `npm run bundle [-- --platform linux-x64|linux-arm64]... [-- --out DIR]
  --platform   默认两种都做                both by default
  --out        默认 bundles                 where the archives go; default: bundles
`
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

function readOptions() {
  const options = { platform: { type: 'string', multiple: true }, out: { type: 'string' }, help: { type: 'boolean', short: 'h' } }
  try {
    const { values } = parseArgs({ options })
    const unknown = values.platform?.find((one) => !platforms[one])
    if (unknown) throw new Error(`--platform ${unknown}: ${Object.keys(platforms).join(', ')}`)
    return values
  } catch (error) {
    return refuse(`参数有误：${error.message.split('. To specify')[0]}`, HELP, EXIT.setting)
  }
}

async function bundle() {
  const { platform: wanted = Object.keys(platforms), out = 'bundles', help } = readOptions()
  if (help) return process.stdout.write(HELP)
  await ensureInstalled(root)
  ensureWeb(root, findRuntime(root))
  const outDir = resolve(root, out)
  mkdirSync(outDir, { recursive: true })
  for (const platform of wanted) {
    const stageDir = join(outDir, `.stage-${platform}`)
    rmSync(stageDir, { recursive: true, force: true })
    const { folder, version, takenAt } = stage({ root, stageDir, platform })
    const packages = writeLicences(folder)
    writeBillOfMaterials(folder, packages, { version, platform, takenAt })
    const { files } = writeDigests(folder)
    const { archive, bytes, sha256 } = writeArchive(folder, outDir, takenAt)
    rmSync(stageDir, { recursive: true, force: true })
    const size = `${(bytes / 1e6).toFixed(0)} MB`
    say(
      `${archive}　${size}，${packages.length} 个依赖包，${files} 个文件`,
      `${size}, ${packages.length} packages, ${files} files, sha256 ${sha256}`,
    )
  }
}

bundle().catch((error) => {
  process.stderr.write(`\n${error instanceof Refusal ? error.message : error.stack}\n`)
  process.exit(error instanceof Refusal ? error.code : EXIT.failed)
})
