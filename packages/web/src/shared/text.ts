import i18next from 'i18next'
import { useCallback } from 'react'
import { initReactI18next, useTranslation } from 'react-i18next'

/**
 * Every module keeps its words beside its pages: `defineText('home', zh, en)`. zh-CN is written first; en-US must have every key or it does not
 * compile. A counted sentence ends in `_other` (and `_one` in English) and is asked for without the ending. `{{n}}` is filled in.
 */
export type Language = 'zh-CN' | 'en-US'
const KEPT_LANGUAGE = 'changbai.language'

type KeyOf<Z> = { [K in keyof Z & string]: K extends `${infer Base}_other` ? Base : K }[keyof Z & string]
export interface Text<K extends string> {
  readonly ns: string
  /** Carries the keys; never read. */
  readonly keys?: K
}
export type Words = Record<string, string | number>
/** i18next's own types try to read the dictionary out of the key; ours are checked by KeyOf. */
type Translate = (key: string, words: Words) => string
export type Say<K extends string> = (key: K, words?: Words) => string

const isKept = (value: string | null): value is Language => value === 'zh-CN' || value === 'en-US'
function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT_LANGUAGE)
  if (isKept(kept)) return kept
  return /^zh/i.test(navigator.language) || !/^en/i.test(navigator.language) ? 'zh-CN' : 'en-US'
}

i18next.use(initReactI18next).init({
  lng: firstLanguage(),
  fallbackLng: 'zh-CN',
  supportedLngs: ['zh-CN', 'en-US'],
  ns: [],
  resources: {},
  initAsync: false,
  interpolation: { escapeValue: false },
  react: { useSuspense: false },
})
document.documentElement.lang = i18next.language

export const language = (): Language => (i18next.language === 'en-US' ? 'en-US' : 'zh-CN')

export function setLanguage(next: Language): void {
  localStorage.setItem(KEPT_LANGUAGE, next)
  document.documentElement.lang = next
  void i18next.changeLanguage(next)
}

export function defineText<const Z extends Record<string, string>>(
  ns: string,
  zh: Z,
  en: Record<keyof Z & string, string> & Record<`${string}_one`, string>,
): Text<KeyOf<Z>> {
  i18next.addResourceBundle('zh-CN', ns, zh)
  i18next.addResourceBundle('en-US', ns, en)
  return { ns }
}

/** The words of a module in the reader's language; re-renders, and is another function, only when the language changes. */
export function useText<K extends string>(text: Text<K>): Say<K> {
  const { t } = useTranslation(text.ns)
  return useCallback((key, words) => (t as Translate)(key, words ?? {}), [t])
}

export function useLanguage(): Language {
  const { i18n } = useTranslation()
  return i18n.language === 'en-US' ? 'en-US' : 'zh-CN'
}

/** What the contract says in both languages: `{ zh, en }`. */
export const pick = (both: { zh: string; en: string }, lang: Language = language()): string => (lang === 'en-US' ? both.en : both.zh)

/** A title's word inside a sentence: small letters in English, as it is in Chinese. */
export const withinSentence = (word: string): string => (language() === 'en-US' ? word.toLowerCase() : word)
