import type { AlarmLevel } from '@changbai/contract/alarm.shapes.ts'
import type { Bilingual } from '@changbai/contract/calendar.ts'
import type { z } from 'zod'

type Words = z.infer<typeof Bilingual>
/** One alarm as those who hear of it need it. */
export interface AlarmTold {
  id: string
  title: Words
  level: AlarmLevel
  objectName: string
  objectId: string | null
  tenantId: string | null
  applicationId: string | null
  sinceAt: Temporal.Instant
  value: number | null
  unit: string
}
declare module '../../platform/ctx.ts' {
  interface Events {
    /** Alarms that belong to one matter and want an incident; who opens it writes which. */
    'alarm.raised': {
      sourceKey: string
      storm: boolean
      alarms: readonly AlarmTold[]
      isSecurity: boolean
      opened: { id: string; number: string } | null
    }
    /** An alarm without an incident at level III or graver. */
    'alarm.noticed': { alarm: AlarmTold }
    /** Told once, and over now; those of one incident together, `closedAt` is the last of them. */
    'alarm.recovered': { alarms: readonly AlarmTold[]; incidentId: string | null; closedAt: Temporal.Instant }
    /** Nobody acknowledged it in time. */
    'alarm.escalated': { alarm: AlarmTold; step: number }
    'alarm.flapping': { alarm: AlarmTold; began: boolean }
    /** A thing is as good as gone; who counts outages writes which it opened. */
    'alarm.object-lost': { alarm: AlarmTold; cause: string | null; written: { applicationId: string; id: string }[] }
    'alarm.object-back': { alarm: AlarmTold; outages: readonly { applicationId: string; id: string }[]; backAt: Temporal.Instant }
    'alarm-rule.change-proposed': { ruleId: string; title: Words; reason: string; by: string; byId: string }
  }
}
