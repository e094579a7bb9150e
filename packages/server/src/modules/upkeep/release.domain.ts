import type { Release } from '@changbai/contract/upkeep.ts'

/**
 * Releases of a changelog: `## version` begins one, `- **Title**: text` is one note, indented lines belong to the note above. Paragraphs
 * between the heading and the notes introduce the release and are a note without a title.
 */
export function readReleases(changelog: string): Release[] {
  const releases: Release[] = []
  let isOpen = false
  for (const line of changelog.split(/\r?\n/)) {
    const heading = /^## +(.+)$/.exec(line)
    if (heading) {
      releases.push({ version: (heading[1] as string).trim(), notes: [] })
      isOpen = false
      continue
    }
    const notes = releases.at(-1)?.notes
    if (!notes) continue
    const bullet = /^[-*] +(?:\*\*(.+?)\*\*[:：]?\s*)?(.*)$/.exec(line)
    if (bullet) {
      notes.push({ title: bullet[1] ?? null, text: bullet[2] as string })
      isOpen = true
    } else if (line.trim() === '') isOpen = false
    else if (isOpen) (notes.at(-1) as Release['notes'][number]).text += ` ${line.trim()}`
    else {
      notes.push({ title: null, text: line.trim() })
      isOpen = true
    }
  }
  // emphasis is for the file; the page has its own
  return releases.map(({ version, notes }) => ({ version, notes: notes.map(({ title, text }) => ({ title, text: plain(text) })) }))
}

const plain = (text: string): string => text.replaceAll('**', '').replaceAll('`', '').trim()
