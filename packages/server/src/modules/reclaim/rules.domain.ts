import { type Assessment, type Figure, judge, type ReclaimRule, told } from './assess.domain.ts'
import type { Measured } from './peak.domain.ts'
import type { Sample } from './series.domain.ts'

/** A verdict on a cluster or a volume, in the words of the rule's proposal. */
export interface Finding {
  verdict: 'RELEASE' | 'RIGHT_SIZE' | 'CLUSTER_SHRINK' | 'SHRINK' | 'KEEP' | 'NO_CONCLUSION'
  rule: string | null
  reason: { zh: string; en: string }
}
const kept: Finding = { verdict: 'KEEP', rule: null, reason: { zh: '维持', en: 'keep' } }

/** A server's verdict in the words of the proposals. */
export const findingOf = ({ verdict, rule, reason }: Assessment): Finding => ({
  verdict: verdict === 'IDLE' ? 'RELEASE' : verdict,
  rule,
  reason,
})

const known = (value: number): Figure => ({ value, isWhole: true })
const measured = (found: Measured | undefined): Figure | undefined =>
  found && { value: found.peak ?? 0, isWhole: found.isCovered && found.peak !== null }

function judgedBy(rules: readonly ReclaimRule[], figures: Record<string, Figure | undefined>): Finding {
  let unknown: Finding | undefined
  for (const rule of rules) {
    const judged = judge(rule, figures, 'UNKNOWN')
    if (judged.truth === 'FALSE') continue
    const { zh, en } = told(judged, true)
    if (judged.truth === 'TRUE')
      return { verdict: rule.proposal === 'TIER_DOWN' ? 'SHRINK' : rule.proposal, rule: rule.rule, reason: { zh, en } }
    unknown ??= {
      verdict: 'NO_CONCLUSION',
      rule: null,
      reason: { zh: `数据不足，不得出结论：${zh}`, en: `not measured enough, no conclusion: ${en}` },
    }
  }
  return unknown ?? kept
}

/**
 * The load of a whole cluster: at each instant the members' shares weighed by their size. An instant at which one of them was not measured is none,
 * so that a node that reports nothing never makes a cluster look idle.
 */
export function clusterSeries(members: readonly { weight: number; samples: readonly Sample[] }[], stretchMs: number): Sample[] {
  const whole = members.reduce((sum, one) => sum + one.weight, 0)
  const at = new Map<number, { sum: number; seen: number }>()
  for (const { weight, samples } of members) {
    // of two rows in one stretch the greater counts: writers drift by seconds
    const own = new Map<number, number>()
    for (const { atMs, value } of samples) {
      const stretch = Math.floor(atMs / stretchMs)
      own.set(stretch, Math.max(own.get(stretch) ?? 0, value))
    }
    for (const [stretch, value] of own) {
      const held = at.get(stretch) ?? { sum: 0, seen: 0 }
      at.set(stretch, { sum: held.sum + value * weight, seen: held.seen + 1 })
    }
  }
  return [...at]
    .filter(([, { seen }]) => seen === members.length && whole > 0)
    .map(([stretch, { sum }]) => ({ atMs: stretch * stretchMs, value: sum / whole }))
    .sort((a, b) => a.atMs - b.atMs)
}

/** @clause 4.5.1-3 */
export const assessCluster = (
  given: { cpu: Measured | undefined; memory: Measured | undefined; nodes: number; minNodes: number | null },
  rules: readonly ReclaimRule[],
): Finding =>
  judgedBy(
    rules.filter((rule) => rule.subject === 'CLUSTER'),
    {
      cpuPeakPercent: measured(given.cpu),
      memoryPeakPercent: measured(given.memory),
      nodesAboveMinimum: known(given.nodes - (given.minNodes ?? 1)),
    },
  )

/**
 * @param detachedDays since when a volume hangs on nothing; null while it does, and for kinds that are not attached
 * @param growth points of its size by which its use grew within the observation
 * @clause 4.5.1-4
 */
export function assessVolume(
  given: { detachedDays: number | null; used: Measured | undefined; growth: number | null },
  rules: readonly ReclaimRule[],
): Finding {
  const own = rules.filter((rule) => rule.subject === 'VOLUME')
  const idle = own.filter((rule) => rule.all.some((one) => one.metric === 'attachments'))
  if (given.detachedDays !== null) {
    const long = idle.filter((rule) => (given.detachedDays as number) >= rule.days)
    const found = judgedBy(long, { attachments: known(0) })
    if (found.verdict !== 'KEEP')
      return {
        ...found,
        reason: { zh: `已 ${given.detachedDays} 天未挂载`, en: `not attached for ${given.detachedDays} days` },
      }
  }
  // nothing was ever measured of most volumes: that is not a finding
  if (!given.used) return kept
  return judgedBy(
    own.filter((rule) => !idle.includes(rule)),
    {
      usedPeakPercent: measured(given.used),
      growthPercent: given.growth === null ? undefined : { value: given.growth, isWhole: given.used.isCovered },
    },
  )
}
