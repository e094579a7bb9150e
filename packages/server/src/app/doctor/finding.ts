/** What a check found, in words for the administrator, and what to do about it. */
export interface Finding {
  check: string
  state: 'ok' | 'warning' | 'failed' | 'unknown'
  zh: string
  en: string
  /** What to do; absent when all is well. */
  todo?: { zh: string; en: string }
}

export const ok = (check: string, zh: string, en: string): Finding => ({ check, state: 'ok', zh, en })

export const trouble = (
  state: 'warning' | 'failed' | 'unknown',
  check: string,
  [zh, en]: readonly [string, string],
  [doZh, doEn]: readonly [string, string],
): Finding => ({ check, state, zh, en, todo: { zh: doZh, en: doEn } })
