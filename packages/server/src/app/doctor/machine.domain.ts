import { type Finding, ok, trouble } from './finding.ts'

export interface Machine {
  platform: string
  arch: string
  /** Name of the system as /etc/os-release says it; empty where there is none. */
  system: string
  /** Version of glibc, e.g. `2.31`; null where there is none. */
  glibc: string | null
  nodeMajor: number
  cores: number
  memoryBytes: number
  /** Bytes free where the data lie. */
  freeBytes: number
  dataDir: string
  isWritable: boolean
  /** Is the server built and does every file it needs exist. */
  webBuilt: boolean
}

const GB = 1e9
const gb = (bytes: number): string => `${(bytes / GB).toFixed(1)} GB`
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-arm64']
const GLIBC = [2, 28] as const
const NODE_MAJOR = 26
const LEAST_MEMORY = 3.5 * GB
const LEAST_FREE = 1 * GB
const COMFORTABLE_FREE = 20 * GB

const isOlder = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [a = 0, b = 0] = version.split('.').map(Number)
  return a < major || (a === major && b < minor)
}

function platformOf({ platform, arch, system, glibc }: Machine): Finding {
  const name = `${platform}-${arch}`
  const said = [system, name, glibc && `glibc ${glibc}`].filter(Boolean).join('，')
  if (!PLATFORMS.includes(name))
    return trouble(
      'failed',
      'platform',
      [`${said}：没有为这种平台准备的组件`, `${said}: no components are made for this platform`],
      [`换用 ${PLATFORMS.slice(0, 2).join(' 或 ')}`, `use ${PLATFORMS.slice(0, 2).join(' or ')}`],
    )
  if (platform === 'linux' && (glibc === null || isOlder(glibc, GLIBC)))
    return trouble(
      'failed',
      'platform',
      [`${said}：需要 glibc ${GLIBC.join('.')} 或更新`, `${said}: glibc ${GLIBC.join('.')} or newer is needed`],
      ['银河麒麟 V10、统信 UOS 20、openEuler 20.03 及更新的系统都满足', 'Kylin V10, UOS 20, openEuler 20.03 and newer systems have it'],
    )
  return ok('platform', said, said.replaceAll('，', ', '))
}

/** Is the machine fit to run the product: pure, so that every case can be tried. */
export function judgeMachine(machine: Machine): Finding[] {
  const { nodeMajor, cores, memoryBytes, freeBytes, dataDir, isWritable, webBuilt } = machine
  const findings = [platformOf(machine)]
  findings.push(
    nodeMajor >= NODE_MAJOR
      ? ok('runtime', `Node ${nodeMajor}`, `Node ${nodeMajor}`)
      : trouble(
          'failed',
          'runtime',
          [`Node ${nodeMajor} 太旧`, `Node ${nodeMajor} is too old`],
          ['用随包的 Node：npm run -s changbai -- doctor', 'use the one that comes along: npm run -s changbai -- doctor'],
        ),
  )
  const size = `${cores} 核，内存 ${gb(memoryBytes)}`
  const sizeEn = `${cores} cores, ${gb(memoryBytes)} of memory`
  findings.push(
    cores >= 2 && memoryBytes >= LEAST_MEMORY
      ? ok('size', size, sizeEn)
      : trouble(
          'warning',
          'size',
          [`${size}，偏小`, `${sizeEn}: rather small`],
          ['至少 2 核、4 GB；数据库另在一台时 2 GB 也够', 'at least 2 cores and 4 GB; 2 GB do when the database is elsewhere'],
        ),
  )
  if (!isWritable)
    findings.push(
      trouble(
        'failed',
        'disk',
        [`数据目录不可写：${dataDir}`, `The data folder cannot be written: ${dataDir}`],
        ['改目录属主，或用 DATA_DIR 另选一处', 'change its owner, or choose another with DATA_DIR'],
      ),
    )
  else if (freeBytes < LEAST_FREE)
    findings.push(
      trouble(
        'failed',
        'disk',
        [`${dataDir} 只剩 ${gb(freeBytes)}`, `${gb(freeBytes)} are left in ${dataDir}`],
        ['立即清理或扩容，写满后新的操作会被拒绝', 'make room now; when it is full new work is refused'],
      ),
    )
  else if (freeBytes < COMFORTABLE_FREE)
    findings.push(
      trouble(
        'warning',
        'disk',
        [`${dataDir} 剩 ${gb(freeBytes)}`, `${gb(freeBytes)} are left in ${dataDir}`],
        [`留出 ${gb(COMFORTABLE_FREE)} 供监测数据与附件增长`, `leave ${gb(COMFORTABLE_FREE)} for measurements and attachments`],
      ),
    )
  else findings.push(ok('disk', `${dataDir} 剩 ${gb(freeBytes)}`, `${gb(freeBytes)} free in ${dataDir}`))
  if (!webBuilt)
    findings.push(
      trouble(
        'failed',
        'pages',
        ['页面尚未构建', 'The pages are not built'],
        ['npm run build:web，或直接 npm run up', 'npm run build:web, or simply npm run up'],
      ),
    )
  return findings
}
