import type { Bilingual, Calculation, DraftContent, Totals } from '@changbai/contract/forms.ts'
import { groupOf, numberOf, rowsOf } from '@changbai/contract/gaps.ts'

export interface Recommendation {
  subject: Bilingual
  asked: number
  recommended: number | null
  unit: string
  why: Bilingual
}

/** vCPU after growth: today's vCPU at today's peak, scaled by the growth of the volume, run at the target of 60 %. */
const EXPANSION_TARGET_PCT = 60
function expansionVcpu(catalog: DraftContent): number | null {
  const line = rowsOf(catalog, 'expansionEstimate').find((row) => row.resourceType === 'VCPU')
  const [now, forecast] = [groupOf(catalog, 'currentVolume'), groupOf(catalog, 'forecastVolume')]
  const [current, peak, tps, wanted] = [line?.current, now.cpuPeakPct, now.tps, forecast.tps].map(numberOf)
  if (!current || peak == null || !tps || wanted == null) return null
  return Math.max(0, Math.ceil((current * peak * wanted) / (tps * EXPANSION_TARGET_PCT) - 1e-9) - current)
}

/**
 * What the assessed load alone would justify, beside what is asked for: a guard against asking for too much (B5 of the process). A figure
 * that cannot be computed is null, never a guess.
 * @param calculations those of the catalogue
 */
export function recommend(
  catalog: DraftContent,
  calculations: readonly Calculation[],
  asked: Totals,
  kind: 'NEW' | 'EXPANSION',
): Recommendation[] {
  const result = (key: Calculation['key']) => calculations.find((one) => one.key === key)?.result ?? null
  const [growth, logs] = [result('STORAGE_GROWTH'), result('LOG_SPACE')]
  const storage = growth === null || logs === null ? null : Math.ceil(growth + logs - 1e-9)
  const askedStorage = asked.blockGiB + asked.fileGiB + asked.objectGiB
  if (kind === 'EXPANSION')
    return [
      {
        subject: { zh: '新增 vCPU', en: 'Added vCPU' },
        asked: asked.vcpu,
        recommended: expansionVcpu(catalog),
        unit: '核',
        why: { zh: '现有 vCPU × CPU 峰值 × 业务量增长 ÷ 60% − 现有', en: 'vCPU now × CPU peak × growth ÷ 60 % − vCPU now' },
      },
    ]
  return [
    {
      subject: { zh: '应用服务器', en: 'Application servers' },
      asked: asked.vmCount,
      recommended: result('SERVERS'),
      unit: '台',
      why: {
        zh: '峰值事务 ÷ 单台在目标 CPU 下的能力，加冗余（不含数据库与中间件）',
        en: 'Peak transactions over one node at the target CPU, plus spares (without databases and middleware)',
      },
    },
    {
      subject: { zh: '存储', en: 'Storage' },
      asked: askedStorage,
      recommended: storage,
      unit: 'GiB',
      why: { zh: '扩容计划累计 + 日志空间（不含备份）', en: 'Sum of the storage plan + log space (without backup)' },
    },
  ]
}
