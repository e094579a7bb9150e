/**
 * Availability: figures of a thousand applications over the twelve months of a year from the database, and what a third party's verifier takes
 * for one application-year full of outages and rulings, and for five hundred usual ones.
 */
import { generateKeyPairSync, sign } from 'node:crypto'
import { CHAIN_START, chainOn, type Entry, type NewEntry } from '@changbai/verify/availability/chain.ts'
import { EXPORT_FORMAT, exportStatement } from '@changbai/verify/availability/export-lines.ts'
import { FORMULA } from '@changbai/verify/availability/figures.ts'
import { foldChain } from '@changbai/verify/availability/fold.ts'
import { stateOfYear } from '@changbai/verify/availability/statement.ts'
import { verifyAvailability } from '@changbai/verify/availability/verify-availability.ts'
import { yearSpan } from '@changbai/verify/availability/year.ts'
import { keyIdOf } from '@changbai/verify/signature.ts'
import { importChain, listAvailability } from '../packages/server/src/modules/availability/index.ts'
import { createTenant } from '../packages/server/src/modules/identity/index.ts'
import { addApplication } from '../packages/server/src/modules/inventory/index.ts'
import { newId } from '../packages/server/src/platform/ids.ts'
import { report, round } from './support/report.ts'
import { median, quantile, startStage } from './support/stage.ts'

const APPLICATIONS = 1000
const CHANGES = 48
const ROUNDS = 30
const year = yearSpan(2026)
const AT = '2026-12-31T00:00:00.000Z'

const measured: NewEntry = { kind: 'measured', body: { from: year.from, to: null } }
const stretch = (from: number, to: number): NewEntry => ({
  kind: 'stretch',
  body: { id: newId(), state: 'DOWN', source: 'MANUAL', domain: null, note: '', from, to, fromLo: from, toLo: to },
})
const ruling = (of: NewEntry): NewEntry => {
  if (of.kind !== 'stretch') throw new Error('only stretches are ruled on')
  const { id, from, to } = of.body
  return {
    kind: 'ruling',
    body: { target: id, decision: 'NON_PROVIDER', from, to: to ?? from, domain: null, reason: '应用发布', role: 'CUSTOMER_OM_MANAGER' },
  }
}
/** `count` outages of half an hour, evenly over the year. */
const outages = (count: number, minutes = 30) =>
  Array.from({ length: count }, (_, n) => {
    const from = year.from + Math.floor((n * 31_536_000_000) / count)
    return stretch(from, from + minutes * 60_000)
  })

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string
/** The export as the server writes it. */
function exportOf(application: string, entries: readonly Entry[]): string[] {
  const statement = stateOfYear(foldChain(entries), 2026, year.to)
  const keyId = keyIdOf(pem)
  const manifest = {
    entries: entries.length,
    head: entries.at(-1)?.digest ?? '',
    observedUntil: year.to,
    application,
    year: 2026,
    exportedAt: AT,
    keyId,
  }
  const header = {
    type: 'header',
    format: EXPORT_FORMAT,
    formula: FORMULA,
    application: { id: application, code: 'a', name: 'a' },
    year: 2026,
    exportedAt: AT,
    key: { keyId, publicKey: pem },
  }
  const signature = sign(null, Buffer.from(exportStatement(manifest, statement)), privateKey).toString('base64')
  return [
    header,
    ...entries.map((entry) => ({ type: 'entry', ...entry })),
    { type: 'claim', statement },
    { type: 'manifest', ...manifest, signature },
  ].map((line) => JSON.stringify(line))
}
interface Took {
  ms: number
  /** Processor time of this process: what an idle machine would take. */
  cpuMs: number
}
async function timeOf(work: () => Promise<unknown>): Promise<Took> {
  const begun = performance.now()
  const cpu = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { ms: performance.now() - begun, cpuMs: (user + system) / 1000 }
}
const msOf = (took: readonly Took[]) => took.map(({ ms }) => ms)
const cpuOf = (took: readonly Took[]) => round(median(took.map(({ cpuMs }) => cpuMs)), 0)
async function verified(lines: readonly string[]): Promise<void> {
  const result = await verifyAvailability(lines)
  if (!result.ok) throw new Error(JSON.stringify(result.findings.slice(0, 3)))
}

const stage = await startStage()
try {
  const ids: string[] = []
  await stage.as(stage.worker, async (ctx) => {
    const tenant = await createTenant(ctx, { code: 'bench', name: '测量局', shortName: '测量局' })
    for (let n = 0; n < APPLICATIONS; n++) {
      const application = await addApplication(
        ctx,
        { tenantId: tenant.id, name: `应用 ${n}`, code: `bench-${n}`, mlpsLevel: 2, state: 'ONLINE' },
        'DEMO',
      )
      ids.push(application.id)
    }
  })
  for (const id of ids)
    await stage.as(stage.worker, (ctx) => importChain(ctx, id, chainOn(id, CHAIN_START, AT, '测量', [measured, ...outages(CHANGES / 2)])))

  const all = { all: true } as const
  const ask = () => stage.as(stage.worker, (ctx) => listAvailability(ctx, { year: 2026 }, all))
  const reply = await ask()
  const whole = reply.items.reduce((sum, { statement }) => sum + statement.figures.countedMs, 0)
  if (whole !== (APPLICATIONS * CHANGES * 30 * 60_000) / 2) throw new Error(`counted ${whole}`)
  const list: Took[] = []
  for (let n = 0; n < ROUNDS; n++) list.push(await timeOf(ask))

  const heavy = outages(10_000, 20)
  const full = exportOf('a', chainOn('a', CHAIN_START, AT, '测量', [measured, ...heavy, ...heavy.slice(0, 1000).map(ruling)]))
  const one: Took[] = []
  for (let n = 0; n < 5; n++) one.push(await timeOf(() => verified(full)))

  const usual = Array.from({ length: 500 }, (_, n) => {
    const down = outages(100, 5)
    return exportOf(`a${n}`, chainOn(`a${n}`, CHAIN_START, AT, '测量', [measured, ...down, ...down.slice(0, 50).map(ruling)]))
  })
  const many = await timeOf(async () => {
    for (const lines of usual) await verified(lines)
  })

  report([
    {
      what: `figures of ${APPLICATIONS} applications × 12 months, ${CHANGES} changes of state each`,
      measured: `p50 ${round(median(msOf(list)), 0)} ms, p95 ${round(quantile(msOf(list), 0.95), 0)} ms; processor ${cpuOf(list)} ms`,
      target: 'under 150 ms',
      passed: median(msOf(list)) < 150,
    },
    {
      what: 'verify one application-year: 10,000 outages, 1,000 rulings, every digest and figure',
      measured: `p50 ${round(median(msOf(one)), 0)} ms; processor ${cpuOf(one)} ms`,
      target: 'under 1 s',
      passed: median(msOf(one)) < 1000,
    },
    {
      what: 'verify 500 applications, 150 entries each',
      measured: `${round(many.ms / 1000, 1)} s`,
      target: 'under 60 s',
      passed: many.ms < 60_000,
    },
  ])
} finally {
  await stage.stop()
}
