import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const NAMES = ['soffice', 'libreoffice']
/** A document of a few hundred pages takes seconds; whoever waits longer is told. */
const CONVERT_MILLISECONDS = 120_000

/** Where LibreOffice stands on this machine; null without it. */
export function findConverter(path = process.env.PATH ?? ''): string | null {
  for (const folder of path.split(delimiter))
    for (const name of NAMES) if (folder && existsSync(join(folder, name))) return join(folder, name)
  return null
}

/**
 * The document as PDF, made outside any transaction while the answer is sent.
 * @throws Error when LibreOffice does not finish or writes nothing
 */
export async function* toPdf(converter: string, document: Uint8Array): AsyncIterable<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'changbai-pdf-'))
  try {
    await writeFile(join(folder, 'report.docx'), document)
    // a profile of its own: two conversions at a time would wait for one another's lock
    const args = [
      `-env:UserInstallation=file://${folder}/profile`,
      '--headless',
      '--convert-to',
      'pdf',
      '--outdir',
      folder,
      join(folder, 'report.docx'),
    ]
    await promisify(execFile)(converter, args, { timeout: CONVERT_MILLISECONDS })
    yield await readFile(join(folder, 'report.pdf'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
