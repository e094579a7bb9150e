/**
 * Completing a user task with its business row and its ledger fact, durable, 16 callers at once, against bare transactions that write as many
 * rows. Both run in this process over the same driver, in turns, so that whatever else the machine does falls on both.
 */
import pg from 'pg'
import { completeTask, startProcess } from '../packages/server/src/modules/process/index.ts'
import { report, round } from './support/report.ts'
import { drive, median, PROCESS, quantile, startStage } from './support/stage.ts'

const CALLERS = 16
const ROUNDS = 5
const TASKS_PER_ROUND = 600

const stage = await startStage()
try {
  const { worker, sql } = stage

  const openTasks = async (count: number): Promise<string[]> => {
    const numbers = Array.from({ length: count }, (_, index) => index)
    await drive(numbers, CALLERS, (n) =>
      stage.as(worker, (ctx) => startProcess(ctx, { key: PROCESS, businessKey: `B-${n}`, title: `事项 ${n}`, vars: {} })),
    )
    const rows = await sql<{ id: string }>(`select id from wf_task where status = 'OPEN' and node = 'first' order by id`)
    return rows.map(({ id }) => id)
  }
  const complete = (taskId: string) => stage.as(worker, (ctx) => completeTask(ctx, { taskId, data: { note: '同意，按清单办理' } }))

  /** Rows inserted, updated and deleted by one completion, from the server's own counters. */
  const rowsWritten = async (): Promise<number> => {
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const [row] = await sql<{ n: string }>(
      'select (tup_inserted + tup_updated + tup_deleted)::text as n from pg_stat_database where datname = current_database()',
    )
    return Number(row?.n)
  }
  const first = await openTasks(200)
  await drive(first.slice(0, 100), CALLERS, complete)
  const before = await rowsWritten()
  await drive(first.slice(100), CALLERS, complete)
  const rows = Math.round(((await rowsWritten()) - before) / 100)

  await sql('create table bare (id bigserial primary key, a int not null, b text not null, at timestamptz not null)')
  await sql(`insert into bare (a, b, at) select n, repeat('x', 200), now() from generate_series(1, 20000) n`)
  const bare = new pg.Pool({ connectionString: stage.url, max: CALLERS })
  /** As pgbench does it: each statement a round trip, prepared; half of them updates, half inserts. */
  const bareTransaction = async () => {
    const client = await bare.connect()
    try {
      await client.query('begin')
      for (let row = 0; row < rows; row += 1) {
        if (row % 2 === 0)
          await client.query({ name: 'ins', text: 'insert into bare (a, b, at) values ($1, $2, now())', values: [row, 'x'.repeat(200)] })
        else
          await client.query({
            name: 'upd',
            text: 'update bare set a = $1 where id = $2',
            values: [row, 1 + Math.floor(Math.random() * 20_000)],
          })
      }
      await client.query('commit')
    } finally {
      client.release()
    }
  }
  const beats = Array.from({ length: TASKS_PER_ROUND }, () => null)

  const ours: number[] = []
  const theirs: number[] = []
  const ms: number[] = []
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    const tasks = await openTasks(TASKS_PER_ROUND)
    theirs.push((await drive(beats, CALLERS, bareTransaction)).perSecond)
    const done = await drive(tasks.slice(0, TASKS_PER_ROUND), CALLERS, complete)
    ours.push(done.perSecond)
    ms.push(...done.ms)
    console.log(`turn ${turn + 1}: ${round(done.perSecond, 0)} tasks/s, ${round(theirs.at(-1) as number, 0)} bare transactions/s`)
  }
  await bare.end()
  const ratio = median(ours.map((value, turn) => value / (theirs[turn] as number)))
  const [lost] = await sql<{ n: number }>(
    `select count(*)::int as n from wf_task where status = 'DONE' and id not in (select task_id from bench_row)`,
  )
  report([
    {
      what: 'complete a user task, 16 callers',
      measured: `${round(median(ours), 0)}/s, p50 ${round(median(ms))} ms, p95 ${round(quantile(ms, 0.95))} ms`,
      target: '',
      passed: null,
    },
    { what: `bare transaction of ${rows} rows, 16 callers`, measured: `${round(median(theirs), 0)}/s`, target: '', passed: null },
    { what: 'ratio to bare transactions', measured: round(ratio, 2), target: 'at least 0.25', passed: ratio >= 0.25 },
    { what: 'completed tasks without their business row', measured: String(lost?.n), target: '0', passed: lost?.n === 0 },
  ])
} finally {
  await stage.stop()
}
