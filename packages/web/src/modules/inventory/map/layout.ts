import type { Impact, ImpactNode } from '@changbai/contract/inventory.ts'

/** A row holds no more than can be read at once; the rest is a number, and stands in the list. */
export const ROW_LIMIT = 4
export const BOX = { width: 156, height: 46, gapX: 14, gapY: 60 }

export interface MapBox {
  id: string
  name: string
  x: number
  y: number
  kind: 'start' | 'node' | 'more' | 'stub'
  node: ImpactNode | null
  /** Of `more`: how many. */
  count: number
}
export interface MapLine {
  from: string
  to: string
  x1: number
  y1: number
  x2: number
  y2: number
  effect: ImpactNode['effect']
}
export interface MapPicture {
  width: number
  height: number
  boxes: MapBox[]
  lines: MapLine[]
}

type Side = Pick<Impact, 'nodes' | 'stubs'>

/** Rows of one side, nearest first; a hidden neighbour of the start is one blank box in the first row. */
function rowsOf(startId: string, { nodes, stubs }: Side, hops: number, side: string): MapBox[][] {
  const rows: MapBox[][] = []
  for (let hop = 1; hop <= hops; hop++) {
    const here = nodes.filter((node) => node.hop === hop)
    const row: MapBox[] = here
      .slice(0, ROW_LIMIT)
      .map((node) => ({ id: node.id, name: node.name, x: 0, y: 0, kind: 'node', node, count: 1 }))
    if (here.length > ROW_LIMIT)
      row.push({ id: `${side}more${hop}`, name: '', x: 0, y: 0, kind: 'more', node: null, count: here.length - ROW_LIMIT })
    if (hop === 1 && stubs.includes(startId)) row.push({ id: `${side}stub`, name: '', x: 0, y: 0, kind: 'stub', node: null, count: 1 })
    if (row.length > 0) rows.push(row)
  }
  return rows
}

/** Above what needs the start, below what it needs, in rows by distance. Positions are the left upper corner of each box. */
export function drawMap(start: { id: string; name: string }, above: Side, below: Side, hops: number): MapPicture {
  const up = rowsOf(start.id, above, hops, 'a').reverse()
  const down = rowsOf(start.id, below, hops, 'b')
  const middle: MapBox[] = [{ id: start.id, name: start.name, x: 0, y: 0, kind: 'start', node: null, count: 1 }]
  const rows = [...up, middle, ...down]
  const widest = Math.max(...rows.map((row) => row.length))
  const width = widest * (BOX.width + BOX.gapX) - BOX.gapX
  for (const [index, row] of rows.entries()) {
    const left = (width - (row.length * (BOX.width + BOX.gapX) - BOX.gapX)) / 2
    for (const [place, box] of row.entries()) {
      box.x = left + place * (BOX.width + BOX.gapX)
      box.y = index * (BOX.height + BOX.gapY)
    }
  }
  const boxes = rows.flat()
  const byId = new Map(boxes.map((box) => [box.id, box]))
  const lines = boxes.flatMap((box): MapLine[] => {
    const via = byId.get(box.node?.via ?? '')
    if (!box.node || !via) return []
    const [high, low] = box.y < via.y ? [box, via] : [via, box]
    return [
      {
        from: via.id,
        to: box.id,
        x1: high.x + BOX.width / 2,
        y1: high.y + BOX.height,
        x2: low.x + BOX.width / 2,
        y2: low.y,
        effect: box.node.effect,
      },
    ]
  })
  return { width, height: rows.length * (BOX.height + BOX.gapY) - BOX.gapY, boxes, lines }
}

/** What fits into a line of a box: an ideograph is as wide as two letters. */
export function shortened(text: string, letters: number): string {
  let width = 0
  const kept: string[] = []
  for (const letter of text) {
    width += letter.charCodeAt(0) > 0x2e80 ? 2 : 1
    if (width > letters) return `${kept.join('').trimEnd()}…`
    kept.push(letter)
  }
  return text
}
