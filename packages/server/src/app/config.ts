import { resolve } from 'node:path'
import { z } from 'zod'

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
  logLevel: string
  demo: boolean
  tls: boolean
  /** Folder of the plan that is loaded at start. */
  planDir: string
  webDir: string
}

export class ConfigError extends Error {}

const ROOT = resolve(import.meta.dirname, '../../../..')

const Environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce
    .number('PORT must be a number')
    .int()
    .min(0, 'PORT must be 0 to 65535')
    .max(65535, 'PORT must be 0 to 65535')
    .default(3000),
  DATA_DIR: z.string().min(1).default('data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'DATABASE_URL must look like postgresql://user:password@host:5432/name')
    .optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'PUBLIC_URL must look like https://cloud.example.gov.cn' }).optional(),
  SECRET_FILE: z.string().min(1).optional(),
  TRUST_PROXY: z.string().default('false'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  PLAN_DIR: z.string().min(1).default('plan/jilin'),
})

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
  return {
    host: e.HOST,
    port: e.PORT,
    publicUrl: (e.PUBLIC_URL ?? `${flags.tls ? 'https' : 'http'}://localhost:${e.PORT}`).replace(/\/$/, ''),
    databaseUrl: e.DATABASE_URL,
    dataDir,
    secretFile: e.SECRET_FILE ? resolve(ROOT, e.SECRET_FILE) : resolve(dataDir, 'secrets.json'),
    trustProxy: e.TRUST_PROXY === 'true' ? true : e.TRUST_PROXY === 'false' ? false : e.TRUST_PROXY,
    logLevel: e.LOG_LEVEL,
    demo: flags.demo,
    tls: flags.tls,
    planDir: resolve(ROOT, e.PLAN_DIR),
    webDir: resolve(ROOT, 'packages/web/dist'),
  }
}
