import type { QuotaFloor } from '../driver.ts'
import type { ServiceType } from './answer.ts'
import { type AskingOf, idOf, type Maker, num, present, record } from './maker.ts'
import type { Session } from './session.ts'

interface Ledger {
  service: ServiceType
  read(own: string, project: string): string
  /** Where the limits stand in the answer, and how one is read. */
  limits(body: unknown): Record<string, unknown>
  wanted(floor: QuotaFloor): Record<string, number>
  body(limits: Record<string, number>): unknown
}

export const ledgers: Ledger[] = [
  {
    service: 'compute',
    read: (_own, project) => `/os-quota-sets/${project}`,
    limits: (body) => record(record(body).quota_set),
    wanted: (floor) => ({ instances: floor.instances, cores: floor.cores, ram: floor.ramMiB }),
    body: (limits) => ({ quota_set: limits }),
  },
  {
    service: 'volume',
    read: (_own, project) => `/os-quota-sets/${project}`,
    limits: (body) => record(record(body).quota_set),
    wanted: (floor) => ({ volumes: floor.volumes, gigabytes: floor.volumeGiB }),
    body: (limits) => ({ quota_set: limits }),
  },
  {
    service: 'network',
    read: (_own, project) => `/quotas/${project}`,
    limits: (body) => record(record(body).quota),
    wanted: (floor) => ({ port: floor.ports, network: floor.networks, subnet: floor.networks, floatingip: floor.addresses }),
    body: (limits) => ({ quota: limits }),
  },
]

/** Limits are only ever raised: -1 is unlimited and stays, a higher limit was set by somebody and stays. */
async function raise(session: Session, asking: AskingOf<'quota'>, signal: AbortSignal): Promise<void> {
  const project = idOf(asking, asking.want.project)
  const own = await session.ownProjectId(signal)
  for (const ledger of ledgers) {
    const answer = await session.call('GET', ledger.service, ledger.read(own, project), signal)
    const now = ledger.limits(answer.body)
    const low = Object.entries(ledger.wanted(asking.want.atLeast)).filter(
      ([name, wanted]) => num(now[name]) !== -1 && num(now[name]) < wanted,
    )
    if (low.length === 0) continue
    await session.call('PUT', ledger.service, ledger.read(own, project), signal, { body: ledger.body(Object.fromEntries(low)) })
  }
}

/** Quotas are values, not things: asking twice is the same as asking once. */
export const quota: Maker<'quota'> = {
  isValue: true,
  async find() {
    return []
  },
  async make(session, asking, signal) {
    await raise(session, asking, signal)
    return present(idOf(asking, asking.want.project))
  },
  async remove() {},
}
