import { createHash } from 'node:crypto'
import { simpleParser } from 'mailparser'
import { type Letter, plainText, subjectOf } from './mail.domain.ts'

export interface Attached {
  name: string
  bytes: Buffer
}
export interface ParsedLetter extends Letter {
  attachments: Attached[]
}

/** Headers that are looked at; the rest is not kept. */
const TOLD = ['auto-submitted', 'precedence', 'return-path', 'x-changbai-desk', 'x-auto-response-suppress', 'x-autoreply']
const bare = (id: string): string => id.trim().replace(/^<|>$/g, '').slice(0, 400)
const ATTACHMENTS_MAX = 20

const headerText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''))

/**
 * Reads the source of a letter: any character set, HTML as text (scripts and styles are dropped, nothing is fetched), attachments by name.
 * @throws whatever the parser throws at what is no letter
 */
export async function parseLetter(source: Buffer): Promise<ParsedLetter> {
  const parsed = await simpleParser(source, { skipImageLinks: true, skipTextToHtml: true, skipTextLinks: true })
  const [from] = parsed.from?.value ?? []
  const references = [...[parsed.references ?? []].flat(), ...(parsed.inReplyTo ? [parsed.inReplyTo] : [])].map(bare)
  const headers: Record<string, string> = {}
  for (const name of TOLD) if (parsed.headers.has(name)) headers[name] = headerText(parsed.headers.get(name)).slice(0, 200)
  // the parser turns an empty return path into nothing; the sign of a bounce must not be lost
  if (/^return-path:\s*<>\s*$/im.test(source.subarray(0, 4096).toString('latin1'))) headers['return-path'] = '<>'
  return {
    key: parsed.messageId ? bare(parsed.messageId) : `sha256:${createHash('sha256').update(source).digest('hex')}`,
    references: [...new Set(references)].filter(Boolean).slice(-50),
    fromAddress: plainText(from?.address ?? '', 200),
    fromName: plainText(from?.name ?? '', 100),
    subject: subjectOf(parsed.subject),
    body: plainText(parsed.text ?? ''),
    sizeBytes: source.length,
    sentAt: parsed.date && !Number.isNaN(parsed.date.getTime()) ? parsed.date.toISOString() : null,
    headers,
    isReport: /^content-type:\s*multipart\/report/im.test(source.subarray(0, 16_384).toString('latin1')),
    attachments: parsed.attachments.slice(0, ATTACHMENTS_MAX).map((one, index) => ({
      name: plainText(one.filename ?? `附件${index + 1}`, 150) || `附件${index + 1}`,
      bytes: one.content,
    })),
  }
}
