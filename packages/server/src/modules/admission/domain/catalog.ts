import { CatalogContent, catalogFiles, catalogSections, noneDeclarable } from '@changbai/contract/catalog.ts'
import type { DraftContent, Gap, SectionProgress, Totals } from '@changbai/contract/forms.ts'
import {
  arrangeGaps,
  broken,
  type FormShape,
  groupOf,
  isBlank,
  missing,
  numberOf,
  progressOf,
  rowsOf,
  schemaGaps,
  textOf,
} from '@changbai/contract/gaps.ts'
import { tidy } from './calculations.ts'

export const catalogShape: FormShape = { schema: CatalogContent, sections: catalogSections, files: catalogFiles }
export type CatalogFor = 'NEW' | 'EXPANSION'

const LOAD_FIELDS = ['capacity', 'appServerEstimate', 'storageExpansionPlan', 'dbEstimate', 'logEstimate'] as const
const GROWTH_FIELDS = ['year', 'currentVolume', 'forecastVolume', 'expansionEstimate'] as const
/** Years a storage plan covers at least. */
const PLAN_YEARS_MIN = 3

export const emptyTotals = (): Totals => ({
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
})

const storageKeys = { block: 'blockGiB', file: 'fileGiB', object: 'objectGiB', backup: 'backupGiB' } as const
export const storageKeyOf = (kind: unknown): (typeof storageKeys)[keyof typeof storageKeys] | null =>
  typeof kind === 'string' && Object.hasOwn(storageKeys, kind) ? storageKeys[kind as keyof typeof storageKeys] : null

/**
 * What the application needs, summed from the deployment of section 3. vCPU and memory are those of virtual machines; their disks count as
 * block storage because they boot from volumes. Rows that are not complete yet count with what they have.
 * @clause 4.2-1
 */
export function catalogTotals(content: DraftContent): Totals {
  const totals = emptyTotals()
  for (const device of rowsOf(content, 'devices')) {
    const count = numberOf(device.count) ?? 0
    if (device.type === 'baremetal') totals.baremetalCount += count
    else {
      totals.vmCount += count
      totals.vcpu += count * (numberOf(device.vcpu) ?? 0)
      totals.memGiB += count * (numberOf(device.memGiB) ?? 0)
      totals.blockGiB += count * (numberOf(device.diskGiB) ?? 0)
    }
  }
  for (const storage of rowsOf(content, 'storages')) {
    const key = storageKeyOf(storage.kind)
    if (key) totals[key] += numberOf(storage.capacityGiB) ?? 0
  }
  for (const network of rowsOf(content, 'networks')) {
    if (network.zone === 'INTERNET') totals.bandwidthMbps += numberOf(network.bandwidthMbps) ?? 0
    totals.publicIps += numberOf(network.publicIps) ?? 0
  }
  for (const key of Object.keys(totals) as (keyof Totals)[]) totals[key] = tidy(totals[key])
  return totals
}

const relationGaps = (content: DraftContent): Gap[] => {
  const declared: unknown[] = Array.isArray(content.noneDeclared) ? content.noneDeclared : []
  return noneDeclarable.flatMap((field) => {
    const empty = isBlank(content[field])
    if (empty && !declared.includes(field)) return [missing(catalogShape, field)]
    if (!empty && declared.includes(field))
      return [broken(catalogShape, field, 'RULE', '已勾选“无”，又填了内容', 'ticked “none” but lines are given')]
    return []
  })
}

function loadGaps(content: DraftContent): Gap[] {
  const gaps: Gap[] = LOAD_FIELDS.filter((field) => isBlank(content[field])).map((field) => missing(catalogShape, field))
  const { onlineUsers, concurrentUsers } = groupOf(content, 'capacity')
  const [online, concurrent] = [numberOf(onlineUsers), numberOf(concurrentUsers)]
  if (online !== null && concurrent !== null && concurrent > online)
    gaps.push(
      broken(catalogShape, 'capacity.concurrentUsers', 'RULE', `不超过同时在线（${online}）`, `not more than online at once (${online})`),
    )
  return [...gaps, ...planGaps(content)]
}

function planGaps(content: DraftContent): Gap[] {
  const rows = rowsOf(content, 'storageExpansionPlan')
  if (rows.length === 0) return []
  const gaps: Gap[] = []
  if (rows.length < PLAN_YEARS_MIN)
    gaps.push(
      broken(
        catalogShape,
        'storageExpansionPlan',
        'RULE',
        `不少于 ${PLAN_YEARS_MIN} 年，现有 ${rows.length} 年`,
        `at least ${PLAN_YEARS_MIN} years; ${rows.length} given`,
      ),
    )
  rows.forEach((row, index) => {
    const before = rows[index - 1]
    const [year, added, addedBefore, yearBefore] = [row.year, row.addGiB, before?.addGiB, before?.year].map(numberOf)
    if (year != null && yearBefore != null && year <= yearBefore)
      gaps.push(
        broken(
          catalogShape,
          `storageExpansionPlan.${index}.year`,
          'RULE',
          `须晚于上一行（${yearBefore}）`,
          `later than the line before (${yearBefore})`,
        ),
      )
    if (textOf(row.basis) === '' && added != null) {
      const more = addedBefore ? Math.trunc(((added - addedBefore) / addedBefore) * 100) : 0
      const growth = more > 0 ? `新增 ${added} GiB 比上年多 ${more}%，` : ''
      gaps.push({
        section: '4.3',
        path: `storageExpansionPlan.${index}.basis`,
        code: 'MISSING',
        message: {
          zh: `${year ?? `第 ${index + 1} 行`} 年缺依据：${growth}请写明原因`,
          en: `${year ?? `Line ${index + 1}`} lacks a reason${more > 0 ? `: ${added} GiB is ${more} % more than the year before` : ''}`,
        },
      })
    }
  })
  return gaps
}

function growthGaps(content: DraftContent): Gap[] {
  const gaps: Gap[] = GROWTH_FIELDS.filter((field) => isBlank(content[field])).map((field) => missing(catalogShape, field))
  rowsOf(content, 'expansionEstimate').forEach((row, index) => {
    const [current, delta, target] = [row.current, row.delta, row.target].map(numberOf)
    if (current != null && delta != null && target != null && tidy(current + delta) !== tidy(target))
      gaps.push(
        broken(
          catalogShape,
          `expansionEstimate.${index}.target`,
          'RULE',
          `应为 ${tidy(current + delta)}（现有加扩容量）`,
          `should be ${tidy(current + delta)} (now plus added)`,
        ),
      )
  })
  return gaps
}

function ruleGaps(content: DraftContent, files: ReadonlySet<string>): Gap[] {
  const gaps = relationGaps(content)
  const level = numberOf(content.mlpsLevel)
  if (level !== null && level >= 2 && textOf(content.mlpsFilingNo) === '') gaps.push(missing(catalogShape, 'mlpsFilingNo'))
  if (level === 3 && !files.has('cryptoPlan')) gaps.push(missing(catalogShape, 'cryptoPlan'))
  rowsOf(content, 'consumedThirdParty').forEach((row, index) => {
    if (row.internetEgress === true && textOf(row.egressWhitelist) === '')
      gaps.push(missing(catalogShape, `consumedThirdParty.${index}.egressWhitelist`))
  })
  rowsOf(content, 'peakPeriods').forEach((row, index) => {
    if (textOf(row.from) !== '' && textOf(row.to) !== '' && textOf(row.to) < textOf(row.from))
      gaps.push(broken(catalogShape, `peakPeriods.${index}.to`, 'RULE', '不早于起始日', 'not before the start'))
  })
  return gaps
}

const notNeeded = (kind: CatalogFor): string => (kind === 'EXPANSION' ? '4' : '5')

/**
 * Everything that keeps a catalogue from being final. A new (or migrated) system needs section 4, an expansion section 5; the other one is
 * not looked at.
 * @clause 4.2-1
 * @clause 4.2-2
 * @clause 4.2-3
 */
export function catalogGaps(content: DraftContent, files: ReadonlySet<string>, kind: CatalogFor): Gap[] {
  const other = notNeeded(kind)
  const special = [...ruleGaps(content, files), ...(kind === 'EXPANSION' ? growthGaps(content) : loadGaps(content))]
  const plain = schemaGaps(catalogShape, content, files).filter((gap) => !gap.section.startsWith(other))
  return arrangeGaps(catalogShape, [...special, ...plain])
}

export const catalogProgress = (
  content: DraftContent,
  files: ReadonlySet<string>,
  gaps: readonly Gap[],
  kind: CatalogFor,
): SectionProgress[] => progressOf(catalogShape, content, files, gaps, new Set([notNeeded(kind)]))
