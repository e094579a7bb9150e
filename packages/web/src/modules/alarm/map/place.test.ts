import { expect, test } from 'vitest'
import { type Node, type Placed, spread, stack, tierOf } from './place.ts'

const item = (name: string, unit: number | null, height = 1): Placed => ({
  type: 'server',
  id: name,
  name,
  kind: 'baremetal',
  level: null,
  alarms: 0,
  unit,
  height,
})
test('a rack is read from its top; what has no place, or one above the top, stands apart', () => {
  const { placed, loose } = stack({
    units: 42,
    items: [item('low', 1, 2), item('top', 41, 2), item('beyond', 42, 2), item('somewhere', null)],
  })
  expect(placed.map(({ name }) => name)).toEqual(['top', 'low'])
  expect(loose.map(({ name }) => name)).toEqual(['beyond', 'somewhere'])
})
test('the network is drawn from the outside in, each row spread evenly', () => {
  const node = (id: string, kind: string): Node => ({
    type: 'component',
    id,
    name: id,
    kind,
    level: null,
    alarms: 0,
    inPercent: null,
    outPercent: null,
  })
  const nodes = [node('line', 'LINE'), node('core1', 'SWITCH'), node('core2', 'SWITCH'), node('host', 'baremetal')]
  expect(nodes.map(tierOf)).toEqual(['tierOutside', 'tierCore', 'tierCore', 'tierHosts'])
  const places = spread(nodes)
  expect([places.get('core1')?.x, places.get('core2')?.x, places.get('line')?.x]).toEqual([0.25, 0.75, 0.5])
})
