import { isXml, readXml, textOf, typeOf, type Xml } from './xml.ts'

export interface ElementChange {
  element: string
  type: string
  name: string
  kind: 'ADDED' | 'REMOVED' | 'CHANGED' | 'MOVED'
  attributes: { name: string; from: string | null; to: string | null }[]
}

interface Described {
  type: string
  name: string
  attributes: Map<string, string>
  /** Position in the diagram; a change of it alone is a move. */
  place: string
}

const SKIPPED = new Set(['$type', '$attrs', '$parent', '$model', '$descriptor', 'id', 'incoming', 'outgoing', 'di', 'flowNodeRef'])

/** The value of a member as text: a reference by its id, an expression by its body, an owned element by its members. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(', ')
  if (!isXml(value)) return String(value)
  if (typeof value.body === 'string') return textOf(value)
  if (value.id && !/Definition$|LoopCharacteristics$/.test(value.$type)) return value.id
  return `${typeOf(value)}(${membersOf(value)
    .map(([name, text]) => `${name}=${text}`)
    .join(' ')})`
}

const membersOf = (element: Xml): [string, string][] => {
  const own = Object.entries(element).filter(([name, value]) => !SKIPPED.has(name) && value !== undefined && typeof value !== 'function')
  const ours = Object.entries(element.$attrs ?? {}).filter(([name]) => !name.startsWith('xmlns'))
  return [...own.map(([name, value]): [string, string] => [name, shown(value)]), ...ours].filter(([, text]) => text !== '')
}

const CONTAINERS = ['rootElements', 'flowElements', 'artifacts', 'laneSets', 'lanes', 'participants', 'eventDefinitions']

function describe(root: Xml): Map<string, Described> {
  const all = new Map<string, Described>()
  const places = new Map<string, string>()
  for (const diagram of (root.diagrams as Xml[] | undefined) ?? []) {
    for (const item of ((diagram.plane as Xml | undefined)?.planeElement as Xml[] | undefined) ?? []) {
      const id = (item.bpmnElement as Xml | undefined)?.id
      const bounds = item.bounds as { x?: number; y?: number; width?: number; height?: number } | undefined
      const waypoints = (item.waypoint as { x: number; y: number }[] | undefined) ?? []
      if (id)
        places.set(
          id,
          bounds ? [bounds.x, bounds.y, bounds.width, bounds.height].join(' ') : waypoints.map(({ x, y }) => `${x} ${y}`).join(' '),
        )
    }
  }
  const visit = (element: Xml): void => {
    if (element.id && typeOf(element) !== 'Definitions') {
      const attributes = new Map(membersOf(element).filter(([name]) => !CONTAINERS.includes(name) || name === 'eventDefinitions'))
      all.set(element.id, { type: typeOf(element), name: element.name ?? '', attributes, place: places.get(element.id) ?? '' })
    }
    for (const member of CONTAINERS) {
      if (member === 'eventDefinitions') continue
      const value = element[member]
      if (Array.isArray(value)) for (const child of value) if (isXml(child)) visit(child)
    }
  }
  visit(root)
  return all
}

function differences(from: Described, to: Described): ElementChange['attributes'] {
  const names = new Set([...from.attributes.keys(), ...to.attributes.keys()])
  return [...names]
    .filter((name) => from.attributes.get(name) !== to.attributes.get(name))
    .map((name) => ({ name, from: from.attributes.get(name) ?? null, to: to.attributes.get(name) ?? null }))
}

/** What differs between two definitions, element by element. Files that do not parse compare as empty. */
export async function compareDefinitions(fromXml: string, toXml: string): Promise<ElementChange[]> {
  const [one, other] = [await readXml(fromXml), await readXml(toXml)]
  const from = one.root ? describe(one.root) : new Map<string, Described>()
  const to = other.root ? describe(other.root) : new Map<string, Described>()
  const changes: ElementChange[] = []
  for (const [element, before] of from) {
    const after = to.get(element)
    if (!after) {
      changes.push({ element, type: before.type, name: before.name, kind: 'REMOVED', attributes: [] })
      continue
    }
    const attributes = differences(before, after)
    if (before.type !== after.type) attributes.unshift({ name: 'type', from: before.type, to: after.type })
    if (attributes.length > 0) changes.push({ element, type: after.type, name: after.name, kind: 'CHANGED', attributes })
    else if (before.place !== after.place) changes.push({ element, type: after.type, name: after.name, kind: 'MOVED', attributes: [] })
  }
  for (const [element, { type, name }] of to) if (!from.has(element)) changes.push({ element, type, name, kind: 'ADDED', attributes: [] })
  return changes
}
