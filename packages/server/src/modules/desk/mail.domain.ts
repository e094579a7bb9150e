import type { MailKind, MailState } from '@changbai/contract/desk-intake.ts'

/** A letter as it was read; instants and addresses as the sender wrote them, which proves nothing. */
export interface Letter {
  /** Message-ID without brackets, or a digest of the source where it has none. */
  key: string
  /** Keys of letters it answers, the nearest last. */
  references: string[]
  fromAddress: string
  fromName: string
  subject: string
  body: string
  sizeBytes: number
  sentAt: string | null
  /** Headers that tell machines from people, lower case names. */
  headers: Readonly<Record<string, string>>
  isReport: boolean
}

/** A machine that answers machines sends many a minute; a person does not. */
export const LOOP_LETTERS = 10
export const LOOP_MINUTES = 10

const DAEMONS = /^(mailer-daemon|postmaster)@/i
/** What wrote it: a person, a program, a server that could not deliver, or we ourselves. */
export function kindOf(letter: Letter, ownAddress: string, lately: number): Exclude<MailKind, 'TOO_LARGE' | 'UNREADABLE'> {
  const { headers } = letter
  if (letter.fromAddress.toLowerCase() === ownAddress.toLowerCase() || headers['x-changbai-desk'] !== undefined) return 'LOOP'
  if (lately >= LOOP_LETTERS) return 'LOOP'
  if (letter.isReport || DAEMONS.test(letter.fromAddress) || headers['return-path'] === '<>') return 'BOUNCE'
  const auto = headers['auto-submitted']?.toLowerCase()
  if ((auto !== undefined && !auto.startsWith('no')) || /^(bulk|auto_reply|junk)\b/i.test(headers['precedence'] ?? '')) return 'AUTOMATIC'
  if (headers['x-auto-response-suppress'] !== undefined && headers['x-autoreply'] !== undefined) return 'AUTOMATIC'
  return 'LETTER'
}

/** Nothing of people waits unseen: only loops and automatic answers to what we know are set aside. */
export const firstState = (kind: MailKind, answersKnown: boolean): MailState =>
  kind === 'LOOP' || (kind === 'AUTOMATIC' && answersKnown) ? 'SET_ASIDE' : 'WAITING'

/** The number of a matter in a subject, and the sign of a letter we answered. */
export const numberIn = (subject: string): string | null => /\b(?:GZ|FW)-\d{8}-\d{4,}\b/.exec(subject)?.[0] ?? null
export const signOf = (mailId: string): string => `#${mailId.slice(-12)}`
export const signIn = (subject: string): string | null => /#([0-9a-f]{12})\b/.exec(subject)?.[1] ?? null

const BODY_MAX = 100_000
/** Text a page can show and the database can hold: no control characters, no endless blank lines, bounded. */
export function plainText(text: string, max = BODY_MAX): string {
  const clean = text
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: taking control characters out is the purpose
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
    .replace(/\n{4,}/g, '\n\n\n')
    .trim()
  return clean.length > max ? `${clean.slice(0, max)}…` : clean
}
export const subjectOf = (subject: string | undefined): string => plainText(subject ?? '', 200).replace(/\s+/g, ' ') || '（无主题）'
