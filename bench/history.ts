/**
 * The page of one running matter, its picture and its history, while the history of all others grows to a million events; and the page of a
 * matter that has thousands of events itself.
 */
import { instanceHistory, instanceView } from '../packages/server/src/modules/process/index.ts'
import { makeWaitingInstances } from './support/copies.ts'
import { report, round } from './support/report.ts'
import { median, startStage } from './support/stage.ts'

const MATTERS = 1_000
const EVENTS = 1_000_000
const OWN = 5_000
const WARM = 20
const COUNTED = 200

const stage = await startStage()
try {
  await makeWaitingInstances(stage, MATTERS)
  const ids = (await stage.sql<{ id: string }>(`select id from wf_instance order by id limit ${MATTERS}`)).map(({ id }) => id)
  const watched = ids.slice(0, 50)
  const [long = ''] = ids.slice(50)
  const measure = async (instances: readonly string[]) => {
    const times: number[] = []
    for (let turn = 0; turn < WARM + COUNTED; turn += 1) {
      const instanceId = instances[turn % instances.length] ?? ''
      const at = performance.now()
      await stage.as(stage.worker, async (ctx) => {
        await instanceView(ctx, { instanceId })
        await instanceHistory(ctx, { instanceId, detail: 'people', withChildren: true, limit: 50 })
      })
      if (turn >= WARM) times.push(performance.now() - at)
    }
    return median(times)
  }
  const grow = (where: string, each: number) =>
    stage.sql(`insert into wf_event (instance_id, seq, root_id, at, kind, node, lineage, data)
      select i.id, 100000 + n, i.root_id, i.started_at + n * interval '1 minute', (array['enter', 'leave', 'reminder'])[1 + n % 3],
        'step' || n % 12, '{}', '{"note": "as long as an ordinary remark of a reviewer"}'
      from wf_instance i, generate_series(1, ${each}) n where ${where}`)
  const before = await measure(watched)
  await grow(`i.id <> all ('{${watched.join()},${long}}')`, Math.ceil(EVENTS / (MATTERS - 51)))
  await grow(`i.id = '${long}'`, OWN)
  await stage.sql('analyze wf_event')
  const after = await measure(watched)
  const own = await measure([long])
  const [all] = await stage.sql<{ n: number; size: string }>(
    `select count(*)::int as n, pg_size_pretty(pg_total_relation_size('wf_event')) as size from wf_event`,
  )
  report([
    { what: 'events', measured: `${all?.n}, ${all?.size} with indexes`, target: '', passed: null },
    { what: 'page of a matter, few events in all', measured: `${round(before, 2)} ms`, target: '', passed: null },
    {
      what: 'the same beside a million',
      measured: `${round(after, 2)} ms, ratio ${round(after / before, 2)}`,
      target: 'ratio under 1.5',
      passed: after / before < 1.5,
    },
    { what: `a matter of ${OWN} events itself`, measured: `${round(own, 2)} ms`, target: 'under 100 ms', passed: own < 100 },
  ])
} finally {
  await stage.stop()
}
