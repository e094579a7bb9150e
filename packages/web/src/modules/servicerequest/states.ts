import type { ServiceState } from '@changbai/contract/service-request.ts'
import type { State } from '../../shared/ui/index.ts'

export const serviceState: Record<ServiceState, State> = {
  SUBMITTED: 'planned',
  IN_PROGRESS: 'running',
  DONE: 'running',
  CLOSED: 'kept',
  DECLINED: 'breach',
  WITHDRAWN: 'none',
}
/** `2wd` as people say it. */
export const limitWord = (limit: string, lang: string): string => {
  const [, n, unit] = /^(\d+)(wd|bh)$/.exec(limit) ?? []
  if (!n) return limit
  if (lang === 'en-US') return `${n} ${unit === 'wd' ? 'working day' : 'business hour'}${n === '1' ? '' : 's'}`
  return `${n} ${unit === 'wd' ? '个工作日' : '个工作小时'}`
}
