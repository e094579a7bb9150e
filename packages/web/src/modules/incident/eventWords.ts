import type { Language } from '../../shared/text.ts'

/** What the system itself writes into the log, in Chinese; what people wrote is theirs and stays as it is. */
const SAID: readonly (readonly [RegExp, string])[] = [
  [/^首次告警$/, 'First alarm'],
  [/^再次告警：(.*)$/s, 'Alarm again: $1'],
  [/^并入 (\S+)$/, 'Merged into $1'],
  [/^(\S+) (.*)（(.*)）并入$/s, '$1 $2 ($3) was merged into this one'],
  [/^(.{1,80}) 来信：(.*)$/s, '$1 wrote: $2'],
  [/^同意$/, 'Agreed'],
  [/^退回$/, 'Returned'],
  [/^同意：(.*)$/s, 'Agreed: $1'],
  [/^退回：(.*)$/s, 'Returned: $1'],
]

/** A line of the log in the reader's language. */
export function eventWords(text: string, lang: Language): string {
  if (lang !== 'en-US') return text
  const found = SAID.find(([pattern]) => pattern.test(text))
  return found ? text.replace(found[0], found[1]) : text
}
