import { BlockList, isIP } from 'node:net'
import { availabilityProblems } from '@changbai/contract/availability.shapes.ts'
import type { availabilityApi } from '@changbai/contract/availability.ts'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { personOf } from '../../platform/actor.ts'
import { newToken, sha256Hex } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail, failKeepingWrites } from '../../platform/fail.ts'
import { newId } from '../../platform/ids.ts'
import type { Exchange } from '../../platform/mount.ts'
import { allKeys, countCall, insertAccess, insertKey, type KeyRecord, keyById, keyByToken, updateKey } from './key.store.ts'
import { bearerOf } from './probe.service.ts'

type Api = typeof availabilityApi

const toKey = (row: KeyRecord) => ({
  id: row.id,
  name: row.name,
  party: row.party,
  networks: row.networks,
  callsPerMinute: row.calls_per_minute,
  state: row.state,
  createdBy: row.created_by,
  createdAt: row.created_at.toString(),
  decidedBy: row.decided_by,
  lastUsedAt: row.last_used_at?.toString() ?? null,
})

export const listKeys = async (ctx: Ctx): Promise<Reply<Api['keys']>> => ({ items: (await allKeys(ctx.db)).map(toKey) })

/** The key is shown this once; only its digest is kept. It opens nothing until the security administrator approves. */
export async function createKey(
  ctx: Ctx,
  { name, party, networks, callsPerMinute }: Input<Api['createKey']>,
): Promise<Reply<Api['createKey']>> {
  const token = `cbm_${newToken()}`
  const id = newId()
  await insertKey(ctx.db, {
    id,
    name,
    party,
    token_sha256: sha256Hex(token),
    networks: JSON.stringify(networks),
    calls_per_minute: callsPerMinute,
    state: 'PENDING',
    created_by: ctx.actor.name,
    created_by_person_id: personOf(ctx.actor),
    created_at: ctx.now,
    decided_by: null,
    decided_at: null,
    minute: null,
    last_used_at: null,
  })
  await ctx.record({
    kind: 'measurement-key.created',
    subject: { type: 'measurement-key', id },
    data: { name, party, networks, callsPerMinute },
  })
  return { key: toKey((await keyById(ctx.db, id)) as KeyRecord), token }
}

export async function decideKey(ctx: Ctx, { keyId, approve }: Input<Api['decideKey']>): Promise<Reply<Api['decideKey']>> {
  const row = (await keyById(ctx.db, keyId)) ?? fail(commonProblems.notFound)
  if (approve && row.created_by_person_id === ctx.actor.personId) fail(availabilityProblems.samePerson)
  const change = { state: approve ? ('ACTIVE' as const) : ('REVOKED' as const), decided_by: ctx.actor.name, decided_at: ctx.now }
  await updateKey(ctx.db, keyId, change)
  await ctx.record({
    kind: approve ? 'measurement-key.approved' : 'measurement-key.revoked',
    subject: { type: 'measurement-key', id: keyId },
    before: { state: row.state },
  })
  return toKey({ ...row, ...change })
}

/** Every call of a key: valid, from an address of its list, within its rate; each leaves a line in the access log. @clause 7.1-II-2-1 */
export async function enterWithKey(ctx: Ctx, exchange: Exchange): Promise<KeyRecord> {
  const key = await keyByToken(ctx.db, sha256Hex(bearerOf(exchange)))
  if (key?.state !== 'ACTIVE') fail(availabilityProblems.keyRefused)
  const address = exchange.request.ip
  if (!isWithin(address, key.networks)) fail(availabilityProblems.keyAddress, { address })
  if ((await countCall(ctx.db, key.id, ctx.now)) > key.calls_per_minute)
    failKeepingWrites(availabilityProblems.keyRate, { limit: key.calls_per_minute })
  await insertAccess(ctx.db, { key_id: key.id, at: ctx.now, address, path: exchange.request.url.slice(0, 300) })
  return key
}

export function isWithin(address: string, networks: readonly string[]): boolean {
  if (networks.length === 0) return true
  const list = new BlockList()
  for (const network of networks) {
    const [base = '', prefix = ''] = network.split('/')
    list.addSubnet(base, Number(prefix), isIP(base) === 6 ? 'ipv6' : 'ipv4')
  }
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
}
