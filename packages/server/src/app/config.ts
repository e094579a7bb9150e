import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { BucketConfig } from '../platform/bucket.ts'
import { readLdapAttributes } from '../platform/ldap.domain.ts'
import type { LdapConfig } from '../platform/ldap.ts'
import type { BackupPlace } from '../platform/runtime.ts'
import { readScannerAddress } from '../platform/scan.ts'
import type { CryptoConfig } from './providers.ts'

/** Everything the outside may set, read once. Names and meanings stand in docs/operations.md. */
export interface Config {
  host: string
  port: number
  /** Where a browser finds us; links in mail are built from it. */
  publicUrl: string
  /** Set: that server. Unset: the embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | undefined
  dataDir: string
  secretFile: string
  trustProxy: boolean | string
  /** What new digests of the ledger are made with. */
  digest: 'SHA-256' | 'SM3'
  /** Who keeps the master and the signing key. */
  crypto: CryptoConfig
  /** Set: what this program is made of is compared with the advisories in it at every start. */
  advisoryFile: string | undefined
  /** Addresses of this machine that a webhook may name. */
  outboundAllow: readonly string[]
  logLevel: string
  demo: boolean
  tls: boolean
  /** Set: attachments are kept in that bucket. Unset: in the database. */
  bucket: BucketConfig | undefined
  /** Set: measurements are kept by the engine there (VictoriaMetrics, Prometheus). Unset: in our own database. */
  telemetryUrl: string | undefined
  /** Set: every minute a sign of life is posted there while the chain of alarms is well. */
  heartbeatUrl: string | undefined
  /** Set: syslog is taken in there over UDP and TCP. */
  syslogPort: number | undefined
  /** Set: syslog is taken in there over TLS, with the certificate of --tls. */
  syslogTlsPort: number | undefined
  /** Set: traces go there by OTLP over HTTP, this share of those that begin here. */
  traces: { endpoint: string; share: number } | undefined
  /** Where ClamAV's daemon looks into uploads. Unset: nobody does, and the page of controls says so. */
  clamd: ReturnType<typeof readScannerAddress>
  /** Set: the directory of the house, beside local accounts. */
  ldap: LdapConfig | null
  /** Folder of the plan that is loaded at start. */
  planDir: string
  webDir: string
  backups: BackupPlace
  /** Set: backups are kept in that bucket. */
  backupBucket: BucketConfig | undefined
  /** How long a process that was told to stop goes on serving while the balancer takes it out. */
  drainSeconds: number
}

export class ConfigError extends Error {}

const ROOT = resolve(import.meta.dirname, '../../../..')

const RANGES = ['loopback', 'linklocal', 'uniquelocal']
/** An address, or a net in CIDR or mask notation. */
function isNet(text: string): boolean {
  const [address = '', mask, ...rest] = text.split('/')
  if (isIP(address) === 0 || rest.length > 0) return false
  return mask === undefined || isIP(mask) !== 0 || (/^\d{1,3}$/.test(mask) && Number(mask) <= (isIP(address) === 6 ? 128 : 32))
}
const isTrust = (text: string): boolean =>
  text === 'true' || text === 'false' || text.split(',').every((one) => RANGES.includes(one.trim()) || isNet(one.trim()))

const Environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number('must be a number').int().min(0, 'must be 0 to 65535').max(65535, 'must be 0 to 65535').default(3000),
  DATA_DIR: z.string().min(1).default('data'),
  DATABASE_URL: z
    .string()
    .refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text), 'must look like postgresql://user:password@host:5432/name')
    .optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must look like https://cloud.example.gov.cn' }).optional(),
  SECRET_FILE: z.string().min(1).optional(),
  TRUST_PROXY: z.string().refine(isTrust, 'must be true, false, or addresses of proxies such as 10.0.0.5,10.1.0.0/16').default('false'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  ADVISORY_FILE: z.string().min(1).optional(),
  OUTBOUND_ALLOW: z
    .string()
    .refine((text) => text.split(',').every((one) => isIP(one.trim()) !== 0), 'must be addresses, such as 127.0.0.1')
    .optional(),
  CRYPTO: z.enum(['software', 'software-sm', 'device'], 'must be software, software-sm or device').default('software'),
  CRYPTO_DEVICE_URL: z.url({ protocol: /^https?$/, error: 'must look like https://crypto-device.example.gov.cn:8443' }).optional(),
  CRYPTO_DEVICE_TOKEN_FILE: z.string().min(1).optional(),
  DIGEST: z.enum(['SHA-256', 'SM3'], 'must be SHA-256 or SM3').default('SHA-256'),
  S3_URL: z.url({ protocol: /^https?$/, error: 'must be the address of a bucket, such as https://s3.example.gov.cn/changbai' }).optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_ACCESS_KEY: z.string().min(1).optional(),
  S3_SECRET_KEY: z.string().min(1).optional(),
  TELEMETRY_URL: z.url({ protocol: /^https?$/, error: 'must look like http://victoria:8428' }).optional(),
  HEARTBEAT_URL: z.url({ protocol: /^https?$/, error: 'must look like https://other-monitoring/heartbeat/changbai' }).optional(),
  SYSLOG_PORT: z.coerce.number().int().min(1).max(65535).optional(),
  SYSLOG_TLS_PORT: z.coerce.number().int().min(1).max(65535).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must look like http://collector:4318' }).optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number('must be 0 to 1').min(0).max(1).default(1),
  CLAMD: z
    .string()
    .refine((text) => readScannerAddress(text) !== null, 'must look like 127.0.0.1:3310 or unix:/run/clamav/clamd.ctl')
    .optional(),
  LDAP_URL: z.url({ protocol: /^ldaps?$/, error: 'must look like ldaps://ldap.example.gov.cn' }).optional(),
  LDAP_START_TLS: z.enum(['true', 'false'], 'must be true or false').default('false'),
  LDAP_CA_FILE: z.string().min(1).optional(),
  LDAP_BIND_DN: z.string().min(1).optional(),
  LDAP_BIND_SECRET_FILE: z.string().min(1).optional(),
  LDAP_BASE: z.string().min(1).optional(),
  LDAP_FILTER: z
    .string()
    .regex(/^\(.+\)$/, 'must look like (objectClass=inetOrgPerson)')
    .default('(objectClass=inetOrgPerson)'),
  LDAP_DISABLED_FILTER: z
    .string()
    .regex(/^\(.+\)$/, 'must look like (pwdAccountLockedTime=*)')
    .optional(),
  LDAP_ATTRIBUTES: z
    .string()
    .refine((text) => readLdapAttributes(text) !== null, 'must look like signIn=sAMAccountName,id=objectGUID')
    .default(''),
  /** A folder of `plan/` by its name; `PLAN_DIR` names any folder and wins. */
  PLAN: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .default('jilin'),
  PLAN_DIR: z.string().min(1).optional(),
  WEB_DIR: z.string().min(1).default('packages/web/dist'),
  BACKUP_DIR: z.string().min(1).optional(),
  BACKUP_S3_URL: z
    .url({ protocol: /^https?$/, error: 'must be the address of a bucket, such as https://s3.example.gov.cn/backups' })
    .optional(),
  BACKUP_S3_REGION: z.string().min(1).optional(),
  BACKUP_S3_ACCESS_KEY: z.string().min(1).optional(),
  BACKUP_S3_SECRET_KEY: z.string().min(1).optional(),
  BACKUP_KEEP_DAYS: z.coerce.number('must be a number').int().min(1).max(3650).default(30),
  BACKUP_KEEP_MONTHS: z.coerce.number('must be a number').int().min(0).max(120).default(12),
  DRILL_DATABASE_URL: z.string().min(1).optional(),
  DRAIN_SECONDS: z.coerce.number('must be a number').min(0).max(20, 'must be at most 20').optional(),
})

/** @throws ConfigError when a part of it is missing */
function backupBucketOf(e: z.infer<typeof Environment>): BucketConfig | undefined {
  if (!e.BACKUP_S3_URL) return undefined
  const accessKey = e.BACKUP_S3_ACCESS_KEY ?? e.S3_ACCESS_KEY
  const secretKey = e.BACKUP_S3_SECRET_KEY ?? e.S3_SECRET_KEY
  if (!accessKey || !secretKey) throw new ConfigError('BACKUP_S3_ACCESS_KEY, BACKUP_S3_SECRET_KEY: required with BACKUP_S3_URL')
  return { url: e.BACKUP_S3_URL.replace(/\/+$/, ''), region: e.BACKUP_S3_REGION ?? e.S3_REGION, accessKey, secretKey }
}

/** @throws ConfigError when a part of it is missing */
function bucketOf(e: z.infer<typeof Environment>): BucketConfig | undefined {
  const { S3_URL: url, S3_REGION: region, S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey } = e
  if (!url && (accessKey || secretKey)) throw new ConfigError('S3_URL: required with S3_ACCESS_KEY and S3_SECRET_KEY')
  if (!url) return undefined
  if (!accessKey || !secretKey) throw new ConfigError(`${accessKey ? 'S3_SECRET_KEY' : 'S3_ACCESS_KEY'}: required with S3_URL`)
  const { search, hash, username } = new URL(url)
  if (search || hash || username) throw new ConfigError('S3_URL: only the address of the bucket, without user, query or fragment')
  return { url: url.replace(/\/+$/, ''), region, accessKey, secretKey }
}

/** @throws ConfigError when a part of it is missing, or passwords would cross a network in the clear */
function ldapOf(e: z.infer<typeof Environment>): LdapConfig | null {
  const { LDAP_URL: url, LDAP_BASE: base } = e
  const isTls = e.LDAP_START_TLS === 'true'
  if (!url) {
    if (base || e.LDAP_BIND_DN) throw new ConfigError('LDAP_URL: required with LDAP_BASE and LDAP_BIND_DN')
    return null
  }
  if (!base) throw new ConfigError('LDAP_BASE: required with LDAP_URL')
  if (e.LDAP_BIND_DN && !e.LDAP_BIND_SECRET_FILE) throw new ConfigError('LDAP_BIND_SECRET_FILE: required with LDAP_BIND_DN')
  const { protocol, hostname, pathname, search, username } = new URL(url)
  if (username || search || pathname.replace('/', '') !== '') throw new ConfigError('LDAP_URL: only scheme, host and port')
  if (isTls && protocol === 'ldaps:') throw new ConfigError('LDAP_START_TLS: an ldaps:// address is encrypted already')
  if (!isTls && protocol === 'ldap:' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
    throw new ConfigError('LDAP_URL: ldaps:// or LDAP_START_TLS=true, because passwords are sent to it')
  return {
    url: url.replace(/\/+$/, ''),
    startTls: isTls,
    caFile: e.LDAP_CA_FILE && resolve(ROOT, e.LDAP_CA_FILE),
    bindDn: e.LDAP_BIND_DN,
    bindSecretFile: e.LDAP_BIND_SECRET_FILE && resolve(ROOT, e.LDAP_BIND_SECRET_FILE),
    base,
    filter: e.LDAP_FILTER,
    disabledFilter: e.LDAP_DISABLED_FILTER,
    attributes: readLdapAttributes(e.LDAP_ATTRIBUTES) as LdapConfig['attributes'],
  }
}

/** @throws ConfigError when a part of it is missing, or keys would cross a network in the clear */
function cryptoOf({
  CRYPTO: kind,
  CRYPTO_DEVICE_URL: url,
  CRYPTO_DEVICE_TOKEN_FILE: tokenFile,
}: z.infer<typeof Environment>): CryptoConfig {
  if (kind !== 'device') return { suite: kind === 'software-sm' ? 'SM' : 'INTERNATIONAL', device: null }
  if (!url || !tokenFile) throw new ConfigError(`${url ? 'CRYPTO_DEVICE_TOKEN_FILE' : 'CRYPTO_DEVICE_URL'}: required with CRYPTO=device`)
  const { protocol, hostname } = new URL(url)
  if (protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
    throw new ConfigError('CRYPTO_DEVICE_URL: https:// because data keys are sent over it; http:// only on this machine')
  return { suite: 'SM', device: { url: url.replace(/\/+$/, ''), tokenFile: resolve(ROOT, tokenFile) } }
}

/** @throws ConfigError naming every setting that is wrong */
export function readConfig(env: NodeJS.ProcessEnv, flags: { demo: boolean; tls: boolean }): Config {
  const given = Object.fromEntries(Object.keys(Environment.shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
  const result = Environment.safeParse(given)
  if (!result.success) {
    throw new ConfigError(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  }
  const e = result.data
  if (e.DATABASE_URL && !e.SECRET_FILE) {
    throw new ConfigError('SECRET_FILE: required with DATABASE_URL, because every server process must hold the same keys')
  }
  const dataDir = resolve(ROOT, e.DATA_DIR)
  const bucket = bucketOf(e)
  return {
    host: e.HOST,
    port: e.PORT,
    publicUrl: (e.PUBLIC_URL ?? `${flags.tls ? 'https' : 'http'}://localhost:${e.PORT}`).replace(/\/$/, ''),
    databaseUrl: e.DATABASE_URL,
    dataDir,
    secretFile: e.SECRET_FILE ? resolve(ROOT, e.SECRET_FILE) : resolve(dataDir, 'secrets.json'),
    trustProxy: e.TRUST_PROXY === 'true' ? true : e.TRUST_PROXY === 'false' ? false : e.TRUST_PROXY,
    digest: e.DIGEST,
    crypto: cryptoOf(e),
    advisoryFile: e.ADVISORY_FILE && resolve(ROOT, e.ADVISORY_FILE),
    outboundAllow: e.OUTBOUND_ALLOW?.split(',').map((one) => one.trim()) ?? [],
    logLevel: e.LOG_LEVEL,
    demo: flags.demo,
    tls: flags.tls,
    bucket,
    telemetryUrl: e.TELEMETRY_URL,
    heartbeatUrl: e.HEARTBEAT_URL,
    syslogPort: e.SYSLOG_PORT,
    syslogTlsPort: e.SYSLOG_TLS_PORT,
    traces: e.OTEL_EXPORTER_OTLP_ENDPOINT ? { endpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT, share: e.OTEL_TRACES_SAMPLER_ARG } : undefined,
    ldap: ldapOf(e),
    clamd: e.CLAMD ? readScannerAddress(e.CLAMD) : null,
    planDir: resolve(ROOT, e.PLAN_DIR ?? `plan/${e.PLAN}`),
    webDir: resolve(ROOT, e.WEB_DIR),
    backups: {
      folder: e.BACKUP_DIR ? resolve(ROOT, e.BACKUP_DIR) : resolve(dataDir, 'backups'),
      keepDays: e.BACKUP_KEEP_DAYS,
      keepMonths: e.BACKUP_KEEP_MONTHS,
      scratchUrl: e.DRILL_DATABASE_URL,
    },
    backupBucket: backupBucketOf(e),
    // one process alone has nobody to hand over to
    drainSeconds: e.DRAIN_SECONDS ?? (e.DATABASE_URL ? 4 : 0),
  }
}
