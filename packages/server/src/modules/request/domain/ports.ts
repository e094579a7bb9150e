/** Ports that may never be open to every address: remote sign-in and databases (provision form, rule of the network lines). */
export const GUARDED_PORTS: Readonly<Record<number, string>> = {
  22: 'SSH',
  3389: 'RDP',
  1433: 'SQL Server',
  1521: 'Oracle',
  3306: 'MySQL',
  5236: '达梦',
  5432: 'PostgreSQL',
  6379: 'Redis',
  8123: 'ClickHouse',
  9200: 'Elasticsearch',
  9042: 'Cassandra',
  11211: 'Memcached',
  27017: 'MongoDB',
  50000: 'DB2',
  54321: '人大金仓',
}

export interface PortRange {
  from: number
  to: number
}

/** `443`, `8000-8010`, `80,443`, `any`. Null when it is none of these or a port is out of 1..65535. */
export function parsePorts(text: string): PortRange[] | null {
  const trimmed = text.trim().toLowerCase()
  if (trimmed === 'any') return [{ from: 1, to: 65_535 }]
  const ranges: PortRange[] = []
  for (const part of trimmed.split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim())
    if (!match) return null
    const from = Number(match[1])
    const to = Number(match[2] ?? match[1])
    if (from < 1 || to > 65_535 || from > to) return null
    ranges.push({ from, to })
  }
  return ranges
}

const EVERYWHERE = new Set(['any', '*', '全部', '所有', 'all', '::/0'])

/** Does a source stand for every address? `0.0.0.0/0`, anything `/0`, the words for it, and ranges so wide that they are the same. */
export function isEverywhere(source: string): boolean {
  const trimmed = source.trim().toLowerCase()
  if (EVERYWHERE.has(trimmed)) return true
  return trimmed.split(/[,，;；\s]+/).some((part) => {
    if (EVERYWHERE.has(part) || part === '0.0.0.0') return true
    const match = /^\d{1,3}(?:\.\d{1,3}){3}\/(\d{1,2})$/.exec(part)
    // 0.0.0.0/1 with 128.0.0.0/1 is the whole Internet in two steps; no honest range is wider than /8
    return match !== null && Number(match[1]) < 8
  })
}

/** Guarded ports that a rule would open to everybody, lowest first; empty means the rule is allowed. */
export function forbiddenPorts(rule: { src: string; proto: string; port: string }): number[] {
  if (rule.proto === 'ICMP' || !isEverywhere(rule.src)) return []
  const ranges = rule.proto === 'ANY' && rule.port.trim() === '' ? [{ from: 1, to: 65_535 }] : parsePorts(rule.port)
  if (!ranges) return []
  return Object.keys(GUARDED_PORTS)
    .map(Number)
    .filter((port) => ranges.some((range) => range.from <= port && port <= range.to))
    .sort((a, b) => a - b)
}

/** An IPv4 range such as `10.12.3.0/24`, with the host part empty. */
export function isCidr(text: string): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text.trim())
  if (!match) return false
  const parts = match.slice(1, 5).map(Number)
  const prefix = Number(match[5])
  if (parts.some((part) => part > 255) || prefix > 32) return false
  const address = parts.reduce((sum, part) => sum * 256 + part, 0)
  return address % 2 ** (32 - prefix) === 0
}
