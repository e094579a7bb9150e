import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { signIn } from './load.mjs'
import { pause, until } from './programs.mjs'

const lineNamed = (hostName) => ({
  kind: 'VM',
  hostName,
  purpose: '高可用演练',
  vcpu: 2,
  memGiB: 4,
  flavor: null,
  image: 'Kylin Server V10 SP3',
  rootGiB: 40,
  dataDisks: [{ gib: 100, type: 'SSD' }],
  zone: '',
  antiAffinity: null,
  count: 3,
  publicAddresses: 0,
})

/** One question over a connection of its own, asked again while nobody is primary. */
async function askDatabase(url, text, values = []) {
  return until('the database', 90, async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000, query_timeout: 5_000 })
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query(text, values)).rows
    } finally {
      await client.end().catch(() => {})
    }
  })
}

/** Dispatches one work order as an approved request does. */
async function dispatch(url, secretFile, hostName) {
  const { createServer } = await import('../../packages/server/src/app/server.ts')
  const { createWorkOrders } = await import('../../packages/server/src/modules/provisioning/index.ts')
  const { createLog } = await import('../../packages/server/src/platform/log.ts')
  const { systemActor } = await import('../../packages/server/src/platform/actor.ts')
  const { encryption, signing } = JSON.parse(readFileSync(secretFile, 'utf8'))
  const server = await createServer({
    databaseUrl: url,
    secrets: { encryption: Buffer.from(encryption, 'base64'), signing: Buffer.from(signing, 'base64') },
    log: createLog('silent'),
    publicUrl: 'http://localhost',
    trustProxy: false,
    background: false,
    poolSize: 2,
  })
  const [application] = await askDatabase(
    url,
    `select a.id, a.name, a.tenant_id as "tenantId", t.name as "tenantName", g.person_id as "applicantId"
     from application a join tenant t on t.id = a.tenant_id join role_grant g on g.tenant_id = t.id and g.role = 'APP_PROJECT_MANAGER'
     where g.status = 'IN_FORCE' order by a.name limit 1`,
  )
  try {
    const [order] = await server.runtime.door.enter({ actor: systemActor('ha') }, (ctx) =>
      createWorkOrders(ctx, {
        requestId: randomUUID(),
        requestNo: 'SQ-HA',
        requestKind: 'NEW',
        applicationId: application.id,
        applicationName: application.name,
        tenantId: application.tenantId,
        tenantName: application.tenantName,
        env: 'TEST',
        usageUntil: globalThis.Temporal.Now.plainDateISO().add({ years: 1 }),
        applicantId: application.applicantId,
        approvedAt: ctx.now,
        lines: [lineNamed(hostName)],
      }),
    )
    return order.id
  } finally {
    await server.close()
  }
}

const openSteps = (url, orderId) =>
  askDatabase(
    url,
    `select t.id, t.node from wf_task t join wf_instance i on i.id = t.instance_id where i.business_key = $1 and t.status = 'OPEN' order by t.node`,
    [orderId],
  )

/**
 * Makes three servers by the product: dispatched, accepted by the operation manager, made by the engine in the simulated cloud. `midway` is called
 * when the first of them has begun.
 * @returns what became of it, in figures that are the same for every such order
 */
export async function provisionOnce({ address, password, url, secretFile, hostName }, midway) {
  const orderId = await dispatch(url, secretFile, hostName)
  const [step] = await until('the order is dispatched', 60, async () => {
    const open = await openSteps(url, orderId)
    return open.some(({ node }) => node === 'verifyWorkOrder') ? open : null
  })
  const manager = await signIn(address, 'zhoumin', password)
  const accepted = await manager.ask('POST', `/tasks/${step.id}/complete`, { outcome: 'ACCEPT', data: {} }, randomUUID())
  if (accepted.status >= 300) throw new Error(`the order was not accepted: ${accepted.status} ${JSON.stringify(accepted.body)}`)
  const things = (columns, condition = 'true') =>
    askDatabase(
      url,
      `select ${columns} from work_order_line l join work_order_step s on s.line_id = l.id join cloud_resource r on r.key = s.resource_key
       left join sim_thing m on m.connection_id = r.connection_id and m.key = r.key where l.work_order_id = $1 and ${condition}`,
      [orderId],
    )
  if (midway) {
    await until('the first server has begun', 60, async () => (await things('1', `r.state not in ('INTENDED', 'ABSENT')`)).length > 0)
    await midway()
  }
  const next = await until('people are asked again', 240, async () => {
    const open = await openSteps(url, orderId)
    return open.length > 0 && open.every(({ node }) => node !== 'verifyWorkOrder') ? open : null
  })
  await pause(500)
  // one row a thing of the cloud: a double would be a second row under another key, a loss a row without one
  const steps = await things(
    `r.kind, r.state, count(*)::int as n, count(m.key)::int as there`,
    `true group by r.kind, r.state order by r.kind, r.state`,
  )
  const [{ servers }] = await askDatabase(
    url,
    `select count(*)::int as servers from sim_thing where kind = 'server' and key in
       (select r.key from cloud_resource r where r.kind = 'server' and r.owner_id in (select id::text from work_order_line where work_order_id = $1))`,
    [orderId],
  )
  return { asked: next.map(({ node }) => node), steps, servers }
}
