import { provisioningApi } from '@changbai/contract/provisioning.ts'
import { sql } from 'kysely'
import { startLife } from '../../../test/doomed.ts'
import { serversOf } from '../inventory/index.ts'
import { type OrderWorld, openOrderWorld, vmLine } from './provisioning.fixture.ts'

/** How long the machine stands still between two lives, in seconds: longer than any lease, so that the next life takes over at once. */
const DARK_SECONDS = 100
/** How long one life is waited for, milliseconds. */
const LIFE_MILLISECONDS = 60_000

/** A world whose simulated cloud takes no time, so that every step follows the one before. */
export async function openKillWorld(): Promise<OrderWorld> {
  const w = await openOrderWorld()
  await w.t.inTx(async (ctx) => {
    const quick = JSON.stringify({ serverSeconds: { from: 0, to: 0 }, volumeSeconds: { from: 0, to: 0 } })
    await sql`update cloud_connection set settings = settings || ${quick}::jsonb where driver = 'simulator'`.execute(ctx.db)
  })
  return w
}

/** One work order with two servers, four volumes, a network and a public address, accepted and ready to be made. */
export async function acceptedOrder(w: OrderWorld): Promise<string> {
  const [id = ''] = await w.approve([
    vmLine(),
    {
      kind: 'NETWORK',
      zone: 'INTERNET',
      cidr: null,
      publicAddresses: 1,
      mbps: 0,
      domain: '',
      icp: '',
      rules: [{ src: '0.0.0.0/0', dst: '', proto: 'TCP', port: '443', purpose: '' }],
      loadBalancer: false,
    },
  ])
  await w.act(id, 'verifyWorkOrder', w.people.om, 'ACCEPT')
  return id
}

/** What became of an order, in words that are the same for every order of this shape: how often a step was tried is left out. */
export async function pictureOf(w: OrderWorld, orderId: string): Promise<object> {
  const order = await w.order(orderId)
  const { items: events } = await w.people.om.call(provisioningApi.timeline, { workOrderId: orderId })
  const { servers, things } = await w.t.inTx(async (ctx) => {
    const { rows } = await sql<{ kind: string; n: number }>`
      select kind, count(*)::int as n from sim_thing group by kind order by kind`.execute(ctx.db)
    return { servers: await serversOf(ctx, w.applicationId), things: rows.map((row) => `${row.n} ${row.kind}`) }
  })
  return {
    status: order.status,
    open: await w.steps(orderId),
    lines: order.items.map((line) => ({
      state: line.state,
      steps: line.steps.map((step) => `${step.kind} ${step.name.replace(/-[0-9a-f]{6}(?=-|$)/, '')} ${step.state}`),
      result: line.result.map((one) => `${one.name} ${one.addresses.length}`),
    })),
    events: events.map((event) => `${event.kind} ${event.lineId === null ? '' : 'line'}`).sort(),
    inventory: servers.map((server) => server.name).sort(),
    cloud: things,
  }
}

/** Makes the order in lives that end as told, each after its predecessor's death. @returns how often the process was killed */
export async function makeInLives(
  w: OrderWorld,
  orderId: string,
  deaths: readonly ({ before: number } | { afterMs: number })[],
): Promise<number> {
  let kills = 0
  const done = async (): Promise<boolean> => (await w.steps(orderId)).length > 0
  for (const death of deaths) {
    if (await done()) return kills
    w.t.advance(`PT${DARK_SECONDS}S`)
    const life = startLife(w.t.databaseUrl, w.t.now(), 'before' in death ? death.before : 0)
    await life.ready
    const timer = 'afterMs' in death ? setTimeout(() => life.kill(), death.afterMs) : undefined
    while (!(await Promise.race([life.ended.then(() => true), pause(200)]))) if (await done()) life.kill()
    clearTimeout(timer)
    kills += 1
  }
  w.t.advance(`PT${DARK_SECONDS}S`)
  const last = startLife(w.t.databaseUrl, w.t.now())
  await last.ready
  for (let waited = 0; !(await done()); waited += 200) {
    await pause(200)
    if (waited > LIFE_MILLISECONDS) throw new Error(`nobody's turn after ${kills} kills: ${JSON.stringify(await pictureOf(w, orderId))}`)
  }
  last.kill()
  await last.ended
  return kills
}

const pause = (milliseconds: number): Promise<false> => new Promise((resolve) => setTimeout(() => resolve(false), milliseconds))
