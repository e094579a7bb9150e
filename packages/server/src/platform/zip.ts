import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

/** One file of a package. */
export interface ZipEntry {
  name: string
  bytes: Buffer
}

/** Days since 1980 and no time of day: the same files give the same bytes. */
const DATE = 0x21
/** Names are UTF-8. */
const FLAGS = 0x0800

/** Packs files into a zip, deflated, in the order given. Below 4 GB in all, as every reader understands. */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, bytes } of entries) {
    const packed = deflateRawSync(bytes)
    const title = Buffer.from(name, 'utf8')
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(FLAGS, 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt16LE(DATE, 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(title.length, 22)
    parts.push(Buffer.from('PK\u0003\u0004', 'latin1'), common, title, packed)
    const central = Buffer.alloc(16)
    central.writeUInt32LE(offset, 12)
    directory.push(Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), common.subarray(0, 26), central.subarray(2, 16), title)
    offset += 30 + title.length + packed.length
  }
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(index.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, index, end])
}

/** The files of a zip. @throws RangeError for what is none */
export function readZip(bytes: Buffer): ZipEntry[] {
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  if (end < 0) throw new RangeError('not a zip')
  const entries: ZipEntry[] = []
  let at = bytes.readUInt32LE(end + 16)
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n -= 1) {
    const method = bytes.readUInt16LE(at + 10)
    const size = bytes.readUInt32LE(at + 20)
    const [title, extra, comment] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32)]
    const local = bytes.readUInt32LE(at + 42)
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const packed = bytes.subarray(from, from + size)
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + title),
      bytes: method === 0 ? Buffer.from(packed) : inflateRawSync(packed),
    })
    at += 46 + title + extra + comment
  }
  return entries
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
/** A Word document with a grey line on top that says who took it out and when. */
export function watermarked(docx: Buffer, words: string): Buffer {
  const line = `<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:color w:val="999999"/><w:sz w:val="18"/></w:rPr><w:t>${escaped(words)}</w:t></w:r></w:p>`
  return writeZip(
    readZip(docx).map((entry) =>
      entry.name === 'word/document.xml'
        ? { ...entry, bytes: Buffer.from(entry.bytes.toString('utf8').replace(/<w:body>/, `<w:body>${line}`), 'utf8') }
        : entry,
    ),
  )
}
