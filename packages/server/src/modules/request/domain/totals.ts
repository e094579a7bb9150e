import { type DraftContent, type Totals, totalsLabels } from '@changbai/contract/forms.ts'
import { numberOf, rowsOf } from '@changbai/contract/gaps.ts'
import type { TotalsCheck } from '@changbai/contract/request.ts'
import type { z } from 'zod'

/** Flavours by id, to know what a line asks for that names one. */
export type Flavors = ReadonlyMap<string, { vcpu: number; memGiB: number }>
export type Check = z.infer<typeof TotalsCheck>

const storageKeys: Readonly<Record<string, 'blockGiB' | 'fileGiB' | 'objectGiB' | 'backupGiB'>> = {
  block: 'blockGiB',
  file: 'fileGiB',
  object: 'objectGiB',
  backup: 'backupGiB',
}

/** vCPU and memory of one virtual machine line: those of its flavour, else those typed. */
export function sizeOf(line: Record<string, unknown>, flavors: Flavors): { vcpu: number; memGiB: number } {
  const flavor = typeof line.flavorId === 'string' ? flavors.get(line.flavorId) : undefined
  return flavor ?? { vcpu: numberOf(line.vcpu) ?? 0, memGiB: numberOf(line.memGiB) ?? 0 }
}

/**
 * What the lines of the provision form ask for together. Disks of virtual machines count as block storage, as in the catalogue.
 * @clause 4.2-4
 */
export function provisionTotals(content: DraftContent, flavors: Flavors): Totals {
  const totals: Totals = {
    vmCount: 0,
    vcpu: 0,
    memGiB: 0,
    baremetalCount: 0,
    blockGiB: 0,
    fileGiB: 0,
    objectGiB: 0,
    backupGiB: 0,
    bandwidthMbps: 0,
    publicIps: 0,
  }
  for (const line of rowsOf(content, 'vmItems')) {
    const count = numberOf(line.count) ?? 0
    const size = sizeOf(line, flavors)
    const disks = rowsOf(line, 'dataDisks').reduce((sum, disk) => sum + (numberOf(disk.gib) ?? 0), numberOf(line.rootGiB) ?? 0)
    totals.vmCount += count
    totals.vcpu += count * size.vcpu
    totals.memGiB += count * size.memGiB
    totals.blockGiB += count * disks
  }
  for (const line of rowsOf(content, 'bmItems')) totals.baremetalCount += numberOf(line.count) ?? 0
  for (const line of rowsOf(content, 'storageItems')) {
    const key = storageKeys[String(line.kind)]
    if (key) totals[key] += numberOf(line.gib) ?? 0
  }
  for (const line of rowsOf(content, 'netItems')) {
    if (line.zone === 'INTERNET') totals.bandwidthMbps += numberOf(line.mbps) ?? 0
    totals.publicIps += numberOf(line.publicIp) ?? 0
  }
  return totals
}

/**
 * Compares the form's sums with the catalogue's: within `limitPct` of the catalogue's figure, the limit included, counts as the same.
 * Something the catalogue does not have at all differs whatever its size.
 */
export function checkTotals(form: Totals, catalog: Totals, limitPct: number): Check[] {
  return (Object.keys(totalsLabels) as (keyof Totals)[])
    .filter((key) => form[key] !== 0 || catalog[key] !== 0)
    .map((key) => {
      const [asked, planned] = [form[key], catalog[key]]
      // compared in whole numbers: |asked - planned| * 100 <= planned * limit has no rounding at the limit
      const within = planned === 0 ? asked === 0 : Math.abs(asked - planned) * 100 <= planned * limitPct
      return {
        key,
        label: { zh: totalsLabels[key].zh, en: totalsLabels[key].en },
        unit: totalsLabels[key].unit ?? '',
        form: asked,
        catalog: planned,
        deviationPct: planned === 0 ? null : Math.trunc(((asked - planned) * 1000) / planned) / 10,
        within,
      }
    })
}
