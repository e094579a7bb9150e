import { createHash, randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { type OpenedDatabase, openDatabase } from '../src/platform/db.ts'

export interface TestDatabase extends OpenedDatabase {
  url: string
  /** Closes the pool and removes the database. */
  drop(): Promise<void>
}

const urlOf = (name: string): string => {
  const url = new URL(inject('templateUrl'))
  url.pathname = `/${name}`
  return url.href
}
const migrated = (): string => new URL(inject('templateUrl')).pathname.slice(1)

async function asAdministrator<T>(run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: urlOf('postgres') })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}

/** Copied as files: some 80 ms in memory; through the log, as is usual, it would be five times that. */
async function openCopy(template: string, poolSize: number): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await asAdministrator((client) => client.query(`create database ${name} template ${template} strategy file_copy`))
  const url = urlOf(name)
  const opened = openDatabase(url, { poolSize, applicationName: 'changbai-test' })
  const drop = async () => {
    await opened.close()
    await asAdministrator((client) => client.query(`drop database ${name} with (force)`))
  }
  return { ...opened, url, drop }
}

/** Held while one test process makes a template that another may want at the same moment. */
const MAKING = 7_201_903

/** A database of this test alone: a copy of the migrated template, made in some 80 ms. Two open at once do not see each other. */
export const testDatabase = ({ poolSize = 6 } = {}): Promise<TestDatabase> => openCopy(migrated(), poolSize)

/** A database without any table. */
export const emptyDatabase = ({ poolSize = 6 } = {}): Promise<TestDatabase> => openCopy('template0', poolSize)

/**
 * A database of this test alone that holds what `prepare` writes into a migrated one. That is written once in a run, by whoever asks first, and
 * copied from then on.
 * @param content all that decides what is written: equal texts are one template
 */
export async function preparedDatabase(
  content: string,
  prepare: (url: string) => Promise<void>,
  { poolSize = 6 } = {},
): Promise<TestDatabase> {
  const name = `prepared_${createHash('sha256').update(content).digest('hex').slice(0, 16)}`
  await asAdministrator(async (client) => {
    const isThere = async (): Promise<boolean> => (await client.query('select from pg_database where datname = $1', [name])).rowCount === 1
    if (await isThere()) return
    await client.query('select pg_advisory_lock($1)', [MAKING])
    if (await isThere()) return
    const unfinished = `making_${randomBytes(6).toString('hex')}`
    await client.query(`create database ${unfinished} template ${migrated()} strategy file_copy`)
    await prepare(urlOf(unfinished))
    await client.query(`alter database ${unfinished} rename to ${name}`)
  })
  return openCopy(name, poolSize)
}

/** Renames a database nobody is connected to, and marks it as a practice world. */
export async function becomePractice(url: string, practiceUrl: string): Promise<void> {
  const nameIn = (text: string): string => new URL(text).pathname.slice(1)
  await asAdministrator((client) => client.query(`alter database ${nameIn(url)} rename to ${nameIn(practiceUrl)}`))
  const client = new pg.Client({ connectionString: practiceUrl })
  await client.connect()
  await client.query('create table practice_world (single boolean primary key default true, founded_at timestamptz not null default now())')
  await client.end()
}
