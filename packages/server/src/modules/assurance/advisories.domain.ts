/** A package of the product as its bill of materials or its lock file names it. */
export interface Component {
  name: string
  version: string
}
/** What is used of an advisory in the OSV format (https://ossf.github.io/osv-schema). */
export interface Advisory {
  id: string
  summary?: string
  aliases?: string[]
  withdrawn?: string
  modified?: string
  database_specific?: { severity?: string }
  affected?: {
    package?: { ecosystem?: string; name?: string }
    versions?: string[]
    ranges?: { type?: string; events?: { introduced?: string; fixed?: string; last_affected?: string }[] }[]
  }[]
}
export interface AdvisoryFinding {
  id: string
  aliases: string[]
  severity: string
  name: string
  version: string
  fixedIn: string | null
  summary: string
}

interface Parsed {
  numbers: number[]
  before: string[]
}
const parse = (version: string): Parsed => {
  const [core = '', before = ''] = version.replace(/^v/, '').split('+', 1)[0]?.split(/-(.*)/s) ?? []
  return { numbers: core.split('.').map((part) => Number.parseInt(part, 10) || 0), before: before === '' ? [] : before.split('.') }
}
/** Order of Semantic Versioning 2.0, section 11. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [parse(left), parse(right)]
  for (let index = 0; index < 3; index += 1) {
    const by = (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0)
    if (by !== 0) return by
  }
  if (a.before.length === 0 || b.before.length === 0) return b.before.length - a.before.length
  for (let index = 0; index < Math.max(a.before.length, b.before.length); index += 1) {
    const [one, two] = [a.before[index], b.before[index]]
    if (one === undefined || two === undefined) return one === undefined ? -1 : 1
    const [isNumber, isNumberToo] = [/^\d+$/.test(one), /^\d+$/.test(two)]
    const by =
      isNumber && isNumberToo
        ? Number(one) - Number(two)
        : isNumber !== isNumberToo
          ? isNumber
            ? -1
            : 1
          : one < two
            ? -1
            : one > two
              ? 1
              : 0
    if (by !== 0) return by
  }
  return 0
}

type Events = NonNullable<NonNullable<NonNullable<Advisory['affected']>[number]['ranges']>[number]['events']>
/** Events in order of version: an introduction opens, a fix closes, a last one affected closes after itself. @returns null: not affected */
function hitBy(events: Events, version: string): { fixedIn: string | null } | null {
  let hit = false
  let fixedIn: string | null = null
  for (const { introduced, fixed, last_affected: last } of events) {
    if (introduced !== undefined && (introduced === '0' || compareVersions(version, introduced) >= 0)) hit = true
    if (fixed !== undefined) {
      if (compareVersions(version, fixed) >= 0) hit = false
      else if (hit) fixedIn ??= fixed
    }
    if (last !== undefined && compareVersions(version, last) > 0) hit = false
  }
  return hit ? { fixedIn } : null
}

/** Which advisories meet which packages; those withdrawn meet none. */
export function matchAdvisories(components: readonly Component[], advisories: readonly Advisory[]): AdvisoryFinding[] {
  const byName = Map.groupBy(components, ({ name }) => name)
  const found = new Map<string, AdvisoryFinding>()
  for (const { id, aliases = [], summary = '', withdrawn, affected = [], database_specific: extra } of advisories) {
    if (withdrawn) continue
    for (const one of affected) {
      if (one.package?.ecosystem !== 'npm') continue
      for (const { name, version } of byName.get(one.package.name ?? '') ?? []) {
        const ranges = (one.ranges ?? []).filter(({ type }) => type === 'SEMVER' || type === undefined)
        const hit =
          ranges.map(({ events = [] }) => hitBy(events, version)).find(Boolean) ??
          (one.versions?.includes(version) ? { fixedIn: null } : null)
        if (hit)
          found.set(`${id} ${name}@${version}`, {
            id,
            aliases,
            severity: extra?.severity ?? '',
            name,
            version,
            fixedIn: hit.fixedIn,
            summary,
          })
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))
}
