import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Advisory, type AdvisoryFinding, type Component, matchAdvisories } from '../modules/assurance/index.ts'

/** What the dependencies of this very program were compared with, and what came of it. */
export interface DependencyScan {
  components: number
  /** Where the list of components comes from. */
  source: string
  advisories: number
  /** The newest change among the advisories: how old the knowledge is. */
  newest: string | null
  digest: string
  findings: AdvisoryFinding[]
}

const ROOT = resolve(import.meta.dirname, '../../../..')

const parsed = async (file: string): Promise<Record<string, unknown> | null> => {
  const text = await readFile(file, 'utf8').catch(() => null)
  return text === null ? null : (JSON.parse(text) as Record<string, unknown>)
}
/** The bill of materials a bundle carries, or the lock file of a source tree. */
async function componentsHere(): Promise<{ source: string; components: Component[] }> {
  const bill = await parsed(resolve(ROOT, 'sbom.cdx.json'))
  if (bill) {
    const components = (bill.components ?? []) as { group?: string; name: string; version: string; purl?: string }[]
    return {
      source: 'sbom.cdx.json (CycloneDX)',
      components: components.map(({ group, name, version }) => ({ name: group ? `${group}/${name}` : name, version })),
    }
  }
  const lock = await parsed(resolve(ROOT, 'package-lock.json'))
  const packages = (lock?.packages ?? {}) as Record<string, { version?: string; dev?: boolean; link?: boolean; name?: string }>
  return {
    source: 'package-lock.json',
    components: Object.entries(packages).flatMap(([path, { version, dev, link, name }]) => {
      const at = path.lastIndexOf('node_modules/')
      return at < 0 || dev || link || !version ? [] : [{ name: name ?? path.slice(at + 'node_modules/'.length), version }]
    }),
  }
}

/**
 * Compares what this program is made of with a file of advisories: a JSON array or one object a line, in the OSV format. Nothing is asked of a network.
 * @throws Error when the file is not there or holds something else
 */
export async function scanDependencies(file: string): Promise<DependencyScan> {
  const text = await readFile(file, 'utf8')
  const advisories = (
    text.trimStart().startsWith('[') ? JSON.parse(text) : text.split('\n').flatMap((line) => (line.trim() ? [JSON.parse(line)] : []))
  ) as Advisory[]
  const { source, components } = await componentsHere()
  return {
    source,
    components: components.length,
    advisories: advisories.length,
    newest:
      advisories
        .map(({ modified }) => modified ?? '')
        .sort()
        .at(-1) || null,
    digest: createHash('sha256').update(text).digest('hex'),
    findings: matchAdvisories(components, advisories),
  }
}
