/** Reads RFC 4180, with LF or CRLF; lines without any content are kept out. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const endCell = () => {
    row.push(cell)
    cell = ''
  }
  const endRow = () => {
    endCell()
    rows.push(row)
    row = []
  }
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string
    if (quoted) {
      if (character !== '"') cell += character
      else if (text[i + 1] === '"') {
        cell += '"'
        i += 1
      } else quoted = false
    } else if (character === '"' && cell === '') quoted = true
    else if (character === ',') endCell()
    else if (character === '\n') endRow()
    else if (character !== '\r' || text[i + 1] !== '\n') cell += character
  }
  if (cell !== '' || row.length > 0) endRow()
  return rows
}

/** UTF-8 with or without its mark; else GB 18030, in which Chinese spreadsheet programs save csv. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}
