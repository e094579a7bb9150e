import type { Level } from '../rules/pack.domain.ts'

/** What is known of one alarm; instants in milliseconds. Every stage takes one and gives the next. */
export interface Watch {
  state: 'SUSPECTED' | 'FIRING' | 'RECOVERING' | 'CLOSED'
  level: Level
  /** The gravest it ever had. */
  topLevel: Level
  /** First bad sight of this time round. */
  since: number
  firedAt: number | null
  /** Good since then, while it is recovering. */
  goodAt: number | null
  closedAt: number | null
  closeReason: CloseReason | null
  /** Nothing heard since then; the alarm stays as it was. */
  missingAt: number | null
  /** The newest sight of any kind. */
  lastAt: number
  /** A letter a sight, the newest last, at most 20: `1` where it turned from bad to good or back. */
  turns: string
  flapping: boolean
  /** The alarm this one follows from. */
  root: { id: string; label: string } | null
  storm: boolean
  muted: Mute | null
  /** The level people were told of. */
  toldLevel: Level | null
  /** How many steps of the escalation were taken. */
  step: number
  acked: boolean
  /** When something is due without anything being heard. */
  timers: Partial<Record<Timer, number>>
  /** How often it came back within the reopening time. */
  reopened: number
}
export type Timer = 'pending' | 'settle' | 'quiet' | 'hold' | 'unmute' | 'escalate'
export type CloseReason = 'RECOVERED' | 'NEVER_FIRED' | 'RETIRED' | 'BY_HAND'

export interface Mute {
  kind: 'MAINTENANCE' | 'SILENCE'
  id: string
  label: string
  until: number
}

/** What somebody saw: a level, or that it is good (null). */
export interface Sight {
  at: number
  /** When its sender had first seen it, where that is earlier and can be believed: an alarm and its clock begin then. */
  since?: number
  level: Level | null
  /** Nothing was measured any more: neither good nor bad. */
  missing?: boolean
  /** Without another sight by then: over for an event, silence for a sender that promised to repeat. */
  quietAt?: number
}

/** How the rule wants it. Milliseconds. */
export interface Policy {
  forMs: number
  settleMs: number
  missing: 'hold' | 'recover' | 'ignore'
  /** What silence after `quietAt` means: an event is over, a sender is gone. */
  quiet: 'over' | 'missing'
  /** Opens an incident when it fires at III or graver. */
  incident: boolean
  reopenMs: number
  holdMs: number
  /** Milliseconds after the first word at which the next people are told. */
  escalation: readonly number[]
}

/** What else is going on. */
export interface Around {
  /** Open alarms of things this one cannot do without, nearest first; suspected ones are worth waiting for. */
  roots: readonly { id: string; label: string; suspected: boolean }[]
  mutes: readonly Mute[]
  /** Alarms that began to fire within the last minute, this one not counted. */
  firedLastMinute: number
  stormFrom: number
}

export interface Given {
  now: number
  /** Null: a timer is due, or the surroundings changed. */
  sight: Sight | null
  policy: Policy
  around: Around
}

/** One line of the trail: which stage decided what, and why. */
export interface Decision {
  stage: 'lifecycle' | 'flapping' | 'inhibit' | 'storm' | 'mute' | 'tell' | 'person'
  reason: Reason
  params?: Record<string, string | number>
}
export const reasons = [
  'seen',
  'fired',
  'level-raised',
  'level-lowered',
  'relapsed',
  'reopened',
  'good',
  'blip',
  'recovered',
  'quiet',
  'held',
  'data-back',
  'retired',
  'closed-by-hand',
  'flapping-began',
  'flapping-ended',
  'waits-for-root',
  'inhibited',
  'released',
  'storm',
  'maintenance',
  'silenced',
  'unmuted',
  'incident',
  'notice',
  'digest',
  'not-told-inhibited',
  'not-told-muted',
  'not-told-flapping',
  'not-told-acknowledged',
  'recovery-told',
  'escalated',
  'acknowledged',
  'noted',
] as const
export type Reason = (typeof reasons)[number]

/** What is to be done outside of the alarm itself. */
export type Act = 'INCIDENT' | 'NOTICE' | 'RECOVERED' | 'ESCALATE' | 'FLAPPING'

export interface Step {
  watch: Watch
  said: Decision[]
  acts: Act[]
}
export type Stage = (watch: Watch, given: Given) => Step
export const unchanged = (watch: Watch): Step => ({ watch, said: [], acts: [] })
export const step = (watch: Watch, said: Decision[] = [], acts: Act[] = []): Step => ({ watch, said, acts })
export const without = (timers: Watch['timers'], ...names: Timer[]): Watch['timers'] =>
  Object.fromEntries(Object.entries(timers).filter(([name]) => !names.includes(name as Timer)))
