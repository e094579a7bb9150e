import pg from 'pg'

/** Programs of ours that are at work on the database, by name; a roll-back waits until there is none. */
export async function othersAtWork(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select distinct application_name as name from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and application_name like 'changbai%' order by 1`,
    )
    return rows.map(({ name }) => name)
  })
}

/**
 * Empties a database for a restore: our tables, functions and the job queue. Extensions stay, they belong to whoever set the database up.
 * One transaction: either everything goes or nothing.
 */
export async function emptyDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('begin')
    await client.query('set local statement_timeout = 0; set local client_min_messages = warning')
    const { rows } = await client.query<{ statement: string }>(
      `select format('drop %s if exists public.%I cascade', case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end, relname) as statement
         from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S') and not relispartition
          and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype in ('e', 'a', 'i'))
       union all
       select format('drop routine if exists %s cascade', p.oid::regprocedure)
         from pg_proc p where p.pronamespace = 'public'::regnamespace and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
    )
    for (const { statement } of rows) await client.query(statement)
    await client.query('drop schema if exists pgboss cascade')
    await client.query('commit')
  })
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'changbai-rollback', connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
