/** Every leaf of the parameters by its path: `defaultQuota.vcpu`, `zones.gov.name`. Lines are told apart by their code or name, not their place. */
export function leaves(value: unknown, path = ''): Map<string, string> {
  const into = (key: string): string => (path ? `${path}.${key}` : key)
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== 'object' || one === null)) return new Map([[path, value.join(' ')]])
    return new Map(
      value.flatMap((one: { code?: string; name?: string }, index) => [...leaves(one, into(one.code || one.name || String(index)))]),
    )
  }
  if (typeof value === 'object' && value !== null)
    return new Map(Object.entries(value).flatMap(([key, one]) => [...leaves(one, into(key))]))
  return new Map([[path, value === null ? '' : String(value)]])
}
