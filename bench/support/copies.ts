import { startProcess } from '../../packages/server/src/modules/process/index.ts'
import { PROCESS, type Stage } from './stage.ts'

/**
 * Many waiting instances in seconds: one is started by the engine, its rows are copied with new ids. Due times are spread over minutes; every
 * `assignedEach`-th task is assigned to the worker, the others are open to the role.
 */
export async function makeWaitingInstances({ as, worker, sql }: Stage, count: number, assignedEach = 10): Promise<void> {
  const { instanceId } = await as(worker, (ctx) => startProcess(ctx, { key: PROCESS, businessKey: 'copied', title: '某市政务系统扩容' }))
  await sql(`create temp table copy_of as
    select n, gen_random_uuid() as instance, gen_random_uuid() as token, gen_random_uuid() as task, n * interval '1 minute' as later,
           n % ${assignedEach} = 0 as assigned
    from generate_series(1, ${count}) n`)
  const copy = (table: string, changes: string, where = 'true') =>
    sql(
      // as a table function: written as (f(...)).* it would be computed once for each column
      `insert into ${table} select r.* from ${table} t, copy_of c, jsonb_populate_record(t, jsonb_build_object(${changes})) r
       where t.${table === 'wf_instance' ? 'id' : table === 'wf_task_role' ? 'task_id' : 'instance_id'} = $1 and ${where}`,
      [table === 'wf_task_role' ? taskId : instanceId],
    )
  const [task] = await sql<{ id: string }>('select id from wf_task where instance_id = $1', [instanceId])
  const taskId = task?.id as string
  await copy('wf_instance', `'id', c.instance, 'root_id', c.instance, 'business_key', 'B-' || c.n`)
  await copy('wf_token', `'id', c.token, 'instance_id', c.instance`)
  await copy(
    'wf_task',
    `'id', c.task, 'instance_id', c.instance, 'root_id', c.instance, 'token_id', c.token, 'urgent_at', t.urgent_at + c.later,
     'due_at', t.due_at + c.later, 'assignee', case when c.assigned then '${worker.personId}' end, 'assignee_name', case when c.assigned then '${worker.name}' end`,
  )
  await copy('wf_task_role', `'task_id', c.task, 'urgent_at', t.urgent_at + c.later`, 'not c.assigned')
  await copy('wf_job', `'id', gen_random_uuid(), 'instance_id', c.instance, 'token_id', c.token, 'due_at', t.due_at + c.later`)
  await copy('wf_event', `'instance_id', c.instance, 'root_id', c.instance`)
  await sql('drop table copy_of')
  for (const table of ['wf_instance', 'wf_token', 'wf_task', 'wf_task_role', 'wf_job', 'wf_event']) await sql(`vacuum analyze ${table}`)
}
