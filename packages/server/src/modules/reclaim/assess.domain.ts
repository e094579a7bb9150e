import type { Measured } from './peak.domain.ts'

export interface Condition {
  metric: string
  atMost?: number | undefined
  below?: number | undefined
  above?: number | undefined
}
/** A line of the plan's `reclaim.rules`. */
export interface ReclaimRule {
  rule: string
  subject: 'SERVER' | 'CLUSTER' | 'VOLUME'
  days: number
  all: readonly Condition[]
  proposal: 'RELEASE' | 'RIGHT_SIZE' | 'CLUSTER_SHRINK' | 'SHRINK' | 'TIER_DOWN'
}

export type Verdict = 'IDLE' | 'RIGHT_SIZE' | 'KEEP' | 'NO_CONCLUSION'
export interface Assessment {
  verdict: Verdict
  /** Rule that decided; null when none did. */
  rule: string | null
  reason: { zh: string; en: string }
}

/** What was measured of one server. Absent: not measured at all. */
export interface Measures {
  cpu: Measured
  memory?: Measured | undefined
  /** Bytes in and out. */
  network?: Measured | undefined
  diskIo?: Measured | undefined
  connections?: Measured | undefined
  /** 1 is the smallest size there is; absent: not known. */
  flavorRank?: number | undefined
}

/** A figure to hold a condition against; where it was not measured enough, the true one can only be greater. */
export interface Figure {
  value: number
  isWhole: boolean
}
export type Truth = 'TRUE' | 'FALSE' | 'UNKNOWN'

const BYTES_PER_MEGABYTE = 1_000_000

const figure = (value: number | null | undefined, measured: Measured | undefined): Figure | undefined =>
  measured && value !== undefined ? { value: value ?? 0, isWhole: measured.isCovered && value !== null } : undefined

function figuresOf({ cpu, memory, network, connections, flavorRank }: Measures): Record<string, Figure | undefined> {
  const daySum = network?.greatestDaySum
  return {
    cpuPeakPercent: figure(cpu.peak, cpu),
    memoryPeakPercent: figure(memory?.peak, memory),
    networkMegabytesPerDay: figure(typeof daySum === 'number' ? daySum / BYTES_PER_MEGABYTE : daySum, network),
    connections: figure(connections?.peak, connections),
    flavorRank: flavorRank === undefined ? undefined : { value: flavorRank, isWhole: true },
  }
}

/** Nothing but the size of a server is known without being measured; where it is not known, it is not asked for. */
const NOT_MEASURED = 'flavorRank'

function holds({ atMost, below, above }: Condition, { value, isWhole }: Figure): Truth {
  const fits = (atMost === undefined || value <= atMost) && (below === undefined || value < below) && (above === undefined || value > above)
  if (isWhole) return fits ? 'TRUE' : 'FALSE'
  // more of it can only break an upper bound, and only keep a lower one
  return above === undefined ? (fits ? 'UNKNOWN' : 'FALSE') : fits ? 'TRUE' : 'UNKNOWN'
}

export interface Looked {
  condition: Condition
  figure: Figure | undefined
  truth: Truth
}
export interface Judged {
  truth: Truth
  /** The conditions that made it so. */
  because: readonly Looked[]
}

/** @param absent what a measure that is not given makes of its condition */
export function judge(rule: ReclaimRule, figures: Record<string, Figure | undefined>, absent: 'PASSED_OVER' | 'UNKNOWN'): Judged {
  const looked = rule.all.flatMap((condition): Looked[] => {
    const found = figures[condition.metric]
    if (found) return [{ condition, figure: found, truth: holds(condition, found) }]
    if (absent === 'PASSED_OVER' || condition.metric === NOT_MEASURED) return []
    return [{ condition, figure: undefined, truth: 'UNKNOWN' }]
  })
  const truth = looked.some((one) => one.truth === 'FALSE') ? 'FALSE' : looked.some((one) => one.truth === 'UNKNOWN') ? 'UNKNOWN' : 'TRUE'
  return { truth, because: looked.filter((one) => one.truth === truth) }
}

const names: Record<string, { zh: string; en: string; unit: string }> = {
  cpuPeakPercent: { zh: 'CPU 峰值', en: 'CPU peak', unit: ' %' },
  memoryPeakPercent: { zh: '内存峰值', en: 'memory peak', unit: ' %' },
  networkMegabytesPerDay: { zh: '网络单日流量', en: 'network a day', unit: ' MB' },
  connections: { zh: '连接数峰值', en: 'connections at their peak', unit: '' },
  flavorRank: { zh: '规格档次', en: 'rank of the size', unit: '' },
  nodesAboveMinimum: { zh: '多于最少节点的节点数', en: 'nodes above the least number', unit: '' },
  attachments: { zh: '挂载数', en: 'attachments', unit: '' },
  usedPeakPercent: { zh: '使用率峰值', en: 'use at its peak', unit: ' %' },
  growthPercent: { zh: '观察期增长', en: 'growth', unit: ' %' },
}
const roughly = (value: number): string => String(Number(value.toPrecision(4)))

export function told({ because }: Judged, fits: boolean): { zh: string; en: string } {
  const words = because.map(({ condition, figure: found }) => {
    const { zh, en, unit } = names[condition.metric] ?? { zh: condition.metric, en: condition.metric, unit: '' }
    if (!found) return { zh: `未给出${zh}`, en: `${en} is not given` }
    if (!found.isWhole && fits) return { zh: `${zh}测得不足`, en: `${en} is not measured enough` }
    const [sign, bound] =
      condition.atMost !== undefined
        ? [fits ? '≤' : '>', condition.atMost]
        : condition.below !== undefined
          ? [fits ? '<' : '≥', condition.below]
          : [fits ? '>' : '≤', condition.above]
    return {
      zh: `${zh} ${roughly(found.value)}${unit} ${sign} ${bound}${unit}`,
      en: `${en} ${roughly(found.value)}${unit} ${sign} ${bound}${unit}`,
    }
  })
  return { zh: words.map((one) => one.zh).join('，'), en: words.map((one) => one.en).join(', ') }
}

const percent = (share: number): string => `${Math.floor(share * 10_000) / 100} %`

/**
 * Is a server idle, too large, or to be kept? Idle is asked first, and a measure that is not given speaks neither for nor against it; a
 * right size needs the memory, too, unless the processor alone rules it out.
 * @throws RangeError when the plan has no rule for idle or for too large servers
 * @clause 4.5.1-1
 * @clause 4.5.1-2
 */
export function assessServer(measures: Measures, rules: readonly ReclaimRule[], coveragePercent: number): Assessment {
  const ruleFor = (proposal: ReclaimRule['proposal']): ReclaimRule => {
    const found = rules.find((rule) => rule.subject === 'SERVER' && rule.proposal === proposal)
    if (!found) throw new RangeError(`reclaim.rules has no rule for a SERVER that proposes ${proposal}`)
    return found
  }
  const { cpu } = measures
  if (!cpu.isCovered) {
    const [has, needs] = [percent(cpu.coverage), `${coveragePercent} %`]
    return {
      verdict: 'NO_CONCLUSION',
      rule: null,
      reason: {
        zh: `CPU 数据覆盖率 ${has}，不足 ${needs}，不得出结论`,
        en: `CPU is measured for ${has} of the time, less than ${needs}: no conclusion`,
      },
    }
  }
  const figures = figuresOf(measures)
  const [idleRule, sizeRule] = [ruleFor('RELEASE'), ruleFor('RIGHT_SIZE')]

  const idle = judge(idleRule, figures, 'PASSED_OVER')
  if (idle.truth !== 'FALSE') {
    const { zh, en } = told(idle, true)
    if (idle.truth === 'TRUE') return { verdict: 'IDLE', rule: idleRule.rule, reason: { zh: `长期闲置：${zh}`, en: `idle: ${en}` } }
    return {
      verdict: 'NO_CONCLUSION',
      rule: null,
      reason: { zh: `不能判定是否闲置：${zh}`, en: `whether it is idle cannot be told: ${en}` },
    }
  }
  const size = judge(sizeRule, figures, 'UNKNOWN')
  const { zh, en } = told(size, size.truth !== 'FALSE')
  if (size.truth === 'TRUE')
    return { verdict: 'RIGHT_SIZE', rule: sizeRule.rule, reason: { zh: `配置过高：${zh}`, en: `too large: ${en}` } }
  if (size.truth === 'UNKNOWN')
    return {
      verdict: 'NO_CONCLUSION',
      rule: null,
      reason: {
        zh: `CPU 峰值低，但不能判定是否配置过高：${zh}`,
        en: `the CPU peak is low, but whether it is too large cannot be told: ${en}`,
      },
    }
  // what already speaks against too large need not be said twice
  const more = idle.because.filter((one) => size.because.every(({ condition }) => condition.metric !== one.condition.metric))
  const busy = told({ ...idle, because: more }, false)
  const joined = (first: string, second: string): string => [first, second].filter(Boolean).join(' · ')
  return { verdict: 'KEEP', rule: null, reason: { zh: `维持：${joined(busy.zh, zh)}`, en: `keep: ${joined(busy.en, en)}` } }
}
