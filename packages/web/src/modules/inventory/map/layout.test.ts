import type { ImpactNode } from '@changbai/contract/inventory.ts'
import { describe, expect, test } from 'vitest'
import { BOX, drawMap, ROW_LIMIT, shortened } from './layout.ts'

const node = (id: string, hop: number, via: string, effect: ImpactNode['effect'] = 'LOST'): ImpactNode => ({
  type: 'server',
  id,
  name: id,
  state: 'ACTIVE',
  hop,
  effect,
  via,
  bundle: '',
  up: 0,
  members: 1,
})
const start = { id: 's', name: 'core' }

describe('the map', () => {
  test('what needs it stands above, what it needs below, by distance', () => {
    const { boxes, lines } = drawMap(
      start,
      { nodes: [node('a1', 1, 's'), node('a2', 2, 'a1')], stubs: [] },
      { nodes: [node('b1', 1, 's', 'VITAL')], stubs: [] },
      2,
    )
    const y = Object.fromEntries(boxes.map((box) => [box.id, box.y]))
    const step = BOX.height + BOX.gapY
    expect(y).toEqual({ a2: 0, a1: step, s: 2 * step, b1: 3 * step })
    expect(lines.map(({ from, to }) => `${from}-${to}`).sort()).toEqual(['a1-a2', 's-a1', 's-b1'])
    // every line goes down the page
    for (const line of lines) expect(line.y2).toBeGreaterThan(line.y1)
  })

  test('a row that is too long ends in a number, and nothing overlaps', () => {
    const many = Array.from({ length: ROW_LIMIT + 5 }, (_, n) => node(`a${n}`, 1, 's'))
    const { boxes, width } = drawMap(start, { nodes: many, stubs: [] }, { nodes: [], stubs: [] }, 2)
    expect(boxes.filter((box) => box.kind === 'node')).toHaveLength(ROW_LIMIT)
    expect(boxes.find((box) => box.kind === 'more')?.count).toBe(5)
    const row = boxes.filter((box) => box.y === 0).sort((a, b) => a.x - b.x)
    for (const [index, box] of row.entries()) if (index > 0) expect(box.x - (row[index - 1]?.x ?? 0)).toBeGreaterThan(BOX.width)
    expect(Math.max(...row.map((box) => box.x + BOX.width))).toBeLessThanOrEqual(width)
  })

  test('something hidden is one blank box, whatever there is of it', () => {
    const { boxes } = drawMap(start, { nodes: [], stubs: ['s'] }, { nodes: [], stubs: [] }, 2)
    expect(boxes.filter((box) => box.kind === 'stub')).toHaveLength(1)
  })
})

test.each([
  ['web-01', 'web-01'],
  ['吉林省人力资源和社会保障厅', '吉林省人力资源和社…'],
  ['app01-prod-application-01', 'app01-prod-applicat…'],
])('%s is written as %s', (text, written) => expect(shortened(text, 19)).toBe(written))
