/** `5wd` as people say it. */
export const limitWord = (limit: string, lang: string): string => {
  const n = /^(\d+)wd$/.exec(limit)?.[1]
  if (!n) return limit
  return lang === 'en-US' ? `${n} working day${n === '1' ? '' : 's'}` : `${n} 个工作日`
}
