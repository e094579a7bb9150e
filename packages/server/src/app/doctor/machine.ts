import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import type { Machine } from './machine.domain.ts'

const nearestFolder = (path: string): string => (existsSync(path) ? path : nearestFolder(dirname(path)))

function readSystem(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? ''
  } catch {
    return ''
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** What the machine is. A data folder that does not exist yet is judged by the folder it would be made in. */
export function readMachine({ dataDir, webDir }: { dataDir: string; webDir: string }): Machine {
  const folder = nearestFolder(dataDir)
  const { bavail, bsize } = statfsSync(folder)
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  return {
    platform: process.platform,
    arch: process.arch,
    system: readSystem(),
    glibc: header.glibcVersionRuntime ?? null,
    nodeMajor: Number.parseInt(process.versions.node, 10),
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeBytes: bavail * bsize,
    dataDir,
    isWritable: isWritable(folder),
    webBuilt: existsSync(join(webDir, 'index.html')),
  }
}
