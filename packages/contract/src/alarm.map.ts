import { z } from 'zod'
import { AlarmLevel } from './alarm.shapes.ts'
import { instant } from './endpoint.ts'

const state = {
  type: z.enum(['server', 'component']),
  id: z.uuid(),
  name: z.string(),
  /** `baremetal`, or the kind of the component. */
  kind: z.string(),
  /** Of its gravest open alarm. */
  level: AlarmLevel.nullable(),
  alarms: z.int(),
}
export const HouseMap = z.object({
  at: instant,
  rooms: z.array(
    z.object({
      name: z.string(),
      racks: z.array(
        z.object({
          id: z.uuid(),
          name: z.string(),
          row: z.string(),
          units: z.int(),
          /** `unit` is the lowest it takes, from below; null: somewhere in the rack. */
          items: z.array(z.object({ ...state, unit: z.int().nullable(), height: z.int() })),
        }),
      ),
    }),
  ),
  /** Of the fullest of its links, per cent of its speed; null: nothing reported of late. */
  nodes: z.array(z.object({ ...state, inPercent: z.number().nullable(), outPercent: z.number().nullable() })),
  links: z.array(z.object({ from: z.uuid(), to: z.uuid() })),
})
export type HouseMap = z.output<typeof HouseMap>
