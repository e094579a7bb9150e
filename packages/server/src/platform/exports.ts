import type { Endpoint } from '@changbai/contract/endpoint.ts'
import type { Ctx } from './ctx.ts'
import { type ExportMark, markWords } from './export-mark.ts'
import { readZip, watermarked, writeZip } from './zip.ts'

/** Who gives numbers and decides what may leave; the top module provides it. */
export interface ExportPort {
  /** False for a download that is no export: a file on its own page, an empty form. */
  covers(e: Endpoint): boolean
  /** Gives the number, before the file is made. */
  open(ctx: Ctx): Promise<ExportMark>
  /** Writes the export down; `input` as it was sent, because an approval is for exactly that. @throws ProblemError when it needs a second person and has none */
  admit(
    ctx: Ctx,
    e: Endpoint,
    asked: { mark: ExportMark; input: unknown; approvalId: string | null; download: { name: string; rows?: number } },
  ): Promise<void>
}

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** The file with its mark: Word and packages in the file itself; what is signed or read by a program bears the number in its name. Sheets are marked while they are written. */
export function stamped(
  mark: ExportMark,
  { name, mediaType, bytes }: { name: string; mediaType: string; bytes: Uint8Array | AsyncIterable<Uint8Array> },
): {
  name: string
  bytes: Uint8Array | AsyncIterable<Uint8Array>
} {
  if (bytes instanceof Uint8Array && mediaType === WORD) return { name, bytes: watermarked(Buffer.from(bytes), markWords(mark)) }
  if (bytes instanceof Uint8Array && mediaType === 'application/zip')
    return {
      name,
      bytes: writeZip([...readZip(Buffer.from(bytes)), { name: '导出说明.txt', bytes: Buffer.from(`${markWords(mark)}\r\n`, 'utf8') }]),
    }
  if (name.endsWith('.xlsx') || name.endsWith('.pdf')) return { name, bytes }
  const dot = name.indexOf('.') < 0 ? name.length : name.lastIndexOf('.')
  return { name: `${name.slice(0, dot)}-${mark.number}${name.slice(dot)}`, bytes }
}
