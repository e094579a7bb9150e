import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { EXIT, refuse } from './say.mjs'

const MINIMUM_BYTES = 300_000_000

const canListen = (host, port) =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(error.code))
    server.listen(port, host, () => server.close(() => resolve(null)))
  })

/** Said before a minute of installation, not after it. */
export async function checkPort(host, port) {
  const trouble = await canListen(host, port)
  if (trouble === 'EADDRINUSE')
    refuse(
      `端口 ${port} 已被占用。长白可能已在运行；或换一个端口：PORT=${port + 1} npm run up`,
      `Port ${port} is taken. Changbai may be running already; or choose another port: PORT=${port + 1} npm run up`,
      EXIT.port,
    )
  if (trouble === 'EACCES')
    refuse(
      `没有权限使用端口 ${port}，请选 1024 以上的端口：PORT=3000 npm run up`,
      `No right to use port ${port}; choose one above 1023: PORT=3000 npm run up`,
      EXIT.port,
    )
  if (trouble === 'EADDRNOTAVAIL' || trouble === 'ENOTFOUND')
    refuse(`HOST=${host} 不是本机地址。`, `HOST=${host} is not an address of this machine.`, EXIT.port)
}

/** The data folder must exist or be makeable, be writable, and have room. */
export function checkDataFolder(dataDir) {
  const probe = join(dataDir, `.probe-${process.pid}`)
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (error) {
    if (error.code === 'ENOSPC') refuse(`磁盘已满：${dataDir}`, `The disk is full: ${dataDir}`, EXIT.store)
    refuse(
      `数据目录不可写：${dataDir}（${error.code}）。可用 DATA_DIR 另选一处。`,
      `The data folder cannot be written: ${dataDir} (${error.code}). Choose another with DATA_DIR.`,
      EXIT.store,
    )
  }
  const { bavail, bsize } = statfsSync(dataDir)
  if (bavail * bsize < MINIMUM_BYTES)
    refuse(
      `磁盘将满：${dataDir} 只剩 ${Math.round((bavail * bsize) / 1e6)} MB，至少需要 ${MINIMUM_BYTES / 1e6} MB。`,
      `The disk is nearly full: ${Math.round((bavail * bsize) / 1e6)} MB are left for ${dataDir}, at least ${MINIMUM_BYTES / 1e6} MB are needed.`,
      EXIT.store,
    )
}
