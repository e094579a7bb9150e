/**
 * The first page of "my tasks" among 30,000 open ones: a tenth assigned to me, the rest open to my role. The time in SQL is the database
 * server's own, from its log: parse, bind and execute together.
 */
import { readFile } from 'node:fs/promises'
import { tasksFor } from '../packages/server/src/modules/process/index.ts'
import { makeWaitingInstances } from './support/copies.ts'
import { report, round } from './support/report.ts'
import { median, quantile, startStage } from './support/stage.ts'

const OPEN = 30_000
const WARM = 100
const COUNTED = 300
const stage = await startStage({ settings: { log_min_duration_statement: '0', log_line_prefix: '' } })
try {
  await makeWaitingInstances(stage, OPEN)
  const [open] = await stage.sql<{ n: number }>(`select count(*)::int as n from wf_task where status = 'OPEN'`)
  /** Milliseconds in SQL of each call after the first hundred, which warm the caches; and as the caller sees it. */
  const measure = async (group: 'all' | 'mine' | 'claimable') => {
    const logged = (await readFile(stage.databaseLog, 'utf8')).length
    const caller: number[] = []
    await stage.as(stage.worker, async (ctx) => {
      for (let turn = 0; turn < WARM + COUNTED; turn += 1) {
        const at = performance.now()
        const page = await tasksFor(ctx, { group, limit: 50 })
        if (page.items.length !== 50) throw new Error(`${group}: ${page.items.length} tasks on the page`)
        if (turn >= WARM) caller.push(performance.now() - at)
      }
    })
    const text = (await readFile(stage.databaseLog, 'utf8')).slice(logged)
    const parts = [...text.matchAll(/duration: ([\d.]+) ms {2}(parse|bind|execute) [^:]*:\s+with c as/g)]
    const sql: number[] = []
    for (const [, ms, part] of parts) {
      if (part === 'parse') sql.push(Number(ms))
      else sql[sql.length - 1] = (sql.at(-1) ?? 0) + Number(ms)
    }
    if (sql.length !== WARM + COUNTED) throw new Error(`${sql.length} queries in the log, ${WARM + COUNTED} were made`)
    return { sql: sql.slice(WARM), caller }
  }
  const line = (what: string, { sql, caller }: { sql: number[]; caller: number[] }) => ({
    what,
    measured: `p10 ${round(quantile(sql, 0.1), 2)} ms, p50 ${round(median(sql), 2)} ms, p95 ${round(quantile(sql, 0.95), 2)} ms in SQL; p50 ${round(median(caller), 2)} ms for the caller`,
    target: 'under 3 ms in SQL',
    passed: median(sql) < 3,
  })
  const all = await measure('all')
  const mine = await measure('mine')
  const claimable = await measure('claimable')
  report([
    { what: 'open tasks', measured: String(open?.n), target: '', passed: null },
    line('all my tasks, 50 a page', all),
    line('assigned to me', mine),
    line('open to my role', claimable),
  ])
} finally {
  await stage.stop()
}
