import { testDatabase } from '../../../test/database.ts'
import { systemActor } from '../../platform/actor.ts'
import { createCrypto } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { createDoor, type Door } from '../../platform/door.ts'
import { newId } from '../../platform/ids.ts'
import { insertConnection, resourcesByKey, writeIntent } from './cloud.store.ts'
import type { Want } from './driver.ts'
import { makeCall, type PlannedCall, planCall, SECRET_PURPOSE, settleCall, WANT_SECRET_PURPOSE } from './register.ts'

/** A register on a database of its own, with a clock that is set by hand. */
export interface CloudWorld {
  door: Door
  url: string
  run<T>(service: (ctx: Ctx) => Promise<T>): Promise<T>
  advance(seconds: number): void
  connect(driver: 'openstack' | 'simulator', settings: object, secret?: string): Promise<string>
  intend(connectionId: string, wants: readonly { key: string; want: Want }[]): Promise<void>
  /** Works on these keys until nothing is left to do; the clock jumps over every wait. @returns the states */
  drive(keys: readonly string[], op?: PlannedCall['op'], dieAt?: (step: number) => 'afterPlan' | 'afterCall' | null): Promise<string[]>
  states(keys: readonly string[]): Promise<string[]>
  stop(): Promise<void>
}

const MAX_ROUNDS = 400
/** Rounds of ten seconds in which nothing can be asked: longer than any lease and settling time together. */
const IDLE_ROUNDS = 15

/** @param real the clock is the machine's, and waits are waited out */
export async function openCloudWorld({ real = false } = {}): Promise<CloudWorld> {
  const database = await testDatabase()
  let now = Temporal.Instant.from('2026-09-18T07:00:00Z')
  const none = (key: string): never => {
    throw new RangeError(key)
  }
  const crypto = createCrypto({ encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) })
  const door = createDoor({
    db: database.db,
    clock: () => (real ? Temporal.Now.instant().round('millisecond') : now),
    crypto,
    jobs: { enqueue: async () => {} },
    reactions: {},
    loadParams: async () => ({
      number: none,
      text: none,
      flag: none,
      duration: (key) => (key === 'provisioning.buildTimeout' ? 'PT3M' : 'PT15M'),
      value: none,
    }),
  })
  const run = <T>(service: (ctx: Ctx) => Promise<T>): Promise<T> => door.enter({ actor: systemActor('test') }, service)
  const states = async (keys: readonly string[]): Promise<string[]> => {
    const rows = await run((ctx) => resourcesByKey(ctx.db, keys))
    return keys.map((key) => rows.find((row) => row.key === key)?.state ?? 'NONE')
  }
  let step = 0

  return {
    door,
    url: database.url,
    run,
    states,
    advance(seconds) {
      now = now.add({ milliseconds: Math.round(seconds * 1000) })
    },
    async connect(driver, settings, secret = 'secret') {
      const id = newId()
      await run((ctx) =>
        insertConnection(ctx.db, {
          id,
          name: driver,
          driver,
          status: 'RETIRED',
          settings: JSON.stringify(settings),
          sealed_secret: ctx.crypto.seal(SECRET_PURPOSE, secret),
          proposed_by_name: 'test',
          proposed_at: ctx.now,
        }),
      )
      return id
    },
    async intend(connectionId, wants) {
      await run(async (ctx) => {
        for (const { key, want } of wants) {
          const sealed =
            want.kind === 'user' || want.kind === 'server' ? { ...want, sealed: ctx.crypto.seal(WANT_SECRET_PURPOSE, 'Pw-12345678') } : want
          await writeIntent(ctx.db, { connectionId, key, name: key, want: sealed, ownerType: 'test', ownerId: 'test' }, ctx.now)
        }
      })
    },
    async drive(keys, op = 'ensure', dieAt = () => null) {
      step = 0
      const done = op === 'ensure' ? ['PRESENT', 'FAILED'] : ['ABSENT']
      let idle = 0
      for (let round = 0; round < MAX_ROUNDS && idle < (real ? IDLE_ROUNDS * 20 : IDLE_ROUNDS); round += 1) {
        let moved = false
        let open = false
        let waiting = false
        // a call changes its own row only, so one look serves the whole round
        const known = new Map((await states(keys)).map((state, index) => [keys[index], state]))
        for (const key of op === 'ensure' ? keys : [...keys].reverse()) {
          if (done.includes(known.get(key) ?? '')) continue
          open = true
          const planned = await run((ctx) => planCall(ctx, key, op))
          if (!('asking' in planned)) {
            // what only lacks something that failed will never be asked for
            if (planned.held !== 'needs') waiting = true
            if (op === 'remove') break
            continue
          }
          moved = true
          step += 1
          const death = dieAt(step)
          if (death === 'afterPlan') continue
          const outcome = await makeCall(planned, AbortSignal.timeout(30_000))
          if (death === 'afterCall') continue
          const settled = await run((ctx) => settleCall(ctx, planned, outcome))
          // what it stands on waits until it is gone
          if (op === 'remove' && settled.state !== 'ABSENT') break
        }
        if (!open || (!moved && !waiting)) break
        idle = moved ? 0 : idle + 1
        if (!moved && real) await new Promise((resolve) => setTimeout(resolve, 500))
        if (!moved) now = now.add({ seconds: 10 })
      }
      return states(keys)
    },
    async stop() {
      await database.drop()
    },
  }
}

/** A small but whole set: everything one server needs. */
export function oneServer(tag: string): { key: string; want: Want }[] {
  const project = `${tag}-p`
  const of = (letter: string, want: Want) => ({ key: `${tag}-${letter}`, want })
  return [
    of('p', { kind: 'project', name: `${tag}-project` }),
    of('u', { kind: 'user', name: `${tag}-user`, project, sealed: '' }),
    of('q', {
      kind: 'quota',
      project,
      atLeast: { instances: 2, cores: 4, ramMiB: 8192, volumes: 4, volumeGiB: 100, ports: 4, networks: 2, addresses: 2 },
    }),
    of('n', { kind: 'network', project, name: 'n' }),
    of('s', { kind: 'subnet', project, network: `${tag}-n`, name: 's', cidr: '10.9.0.0/24' }),
    of('r', { kind: 'router', project, name: 'r', subnet: `${tag}-s` }),
    of('g', {
      kind: 'securityGroup',
      project,
      name: 'g',
      rules: [{ direction: 'ingress', protocol: 'tcp', fromPort: 443, toPort: 443, remote: '0.0.0.0/0' }],
    }),
    of('d0', { kind: 'volume', project, name: 'root', gib: 40, disk: null, image: 'linux', zone: '' }),
    of('d1', { kind: 'volume', project, name: 'data', gib: 20, disk: 'SSD', image: null, zone: '' }),
    of('i', { kind: 'port', project, name: 'i', network: `${tag}-n`, subnet: `${tag}-s`, groups: [`${tag}-g`], address: null }),
    of('h', { kind: 'serverGroup', project, name: 'h' }),
    of('v', {
      kind: 'server',
      project,
      name: 'vm',
      vcpu: 2,
      memMiB: 4096,
      flavor: null,
      image: 'linux',
      rootGiB: 40,
      rootVolume: `${tag}-d0`,
      dataVolumes: [`${tag}-d1`],
      port: `${tag}-i`,
      group: `${tag}-h`,
      zone: '',
      account: 'cbadmin',
      sealed: '',
    }),
    of('a', { kind: 'address', project, name: 'a', port: `${tag}-i`, address: null }),
  ]
}
