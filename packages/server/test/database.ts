import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { type OpenedDatabase, openDatabase } from '../src/platform/db.ts'

export interface TestDatabase extends OpenedDatabase {
  url: string
  /** Closes the pool and removes the database. */
  drop(): Promise<void>
}

async function asAdministrator(url: string, statement: string): Promise<void> {
  const admin = new URL(url)
  admin.pathname = '/postgres'
  const client = new pg.Client({ connectionString: admin.href })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

async function openCopy(template: string | null, poolSize: number): Promise<TestDatabase> {
  const server = inject('templateUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  await asAdministrator(server, `create database ${name} template ${template ?? 'template0'}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const opened = openDatabase(url.href, { poolSize, applicationName: 'changbai-test' })
  const drop = async () => {
    await opened.close()
    await asAdministrator(server, `drop database ${name} with (force)`)
  }
  return { ...opened, url: url.href, drop }
}

/** A database of this test alone: a copy of the migrated template, made in some 30 ms. Two open at once do not see each other. */
export const testDatabase = ({ poolSize = 6 } = {}): Promise<TestDatabase> =>
  openCopy(new URL(inject('templateUrl')).pathname.slice(1), poolSize)

/** A database without any table. */
export const emptyDatabase = ({ poolSize = 6 } = {}): Promise<TestDatabase> => openCopy(null, poolSize)
