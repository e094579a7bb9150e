import type { AlarmLevel } from '@changbai/contract/alarm.shapes.ts'
import type { Incoming } from './intake/incoming.domain.ts'

/** Something that is, or is not, as it should be, seen by the platform itself rather than by a rule. */
export interface Finding {
  /** What of the kind: stable as long as it is the same matter. */
  key: string
  level: AlarmLevel
  title: { zh: string; en: string }
  hint: { zh: string; en: string }
  objectName: string
  value?: number
  unit?: string
}
export interface Pulse {
  name: string
  title: string
  atMs: number
  allowedSeconds: number
}
export interface SourceSeen {
  id: string
  name: string
  silentSinceMs: number | null
  skewMs: number | null
  skewedSinceMs: number | null
}
export interface SelfSeen {
  nowMs: number
  pulses: readonly Pulse[]
  sources: readonly SourceSeen[]
  /** When samples were last taken in, to the minute. */
  acceptedMs: number | null
  /** Since when the oldest timer of an alarm waits to be taken. */
  lateSinceMs: number | null
  heartbeatWanted: boolean
}

/** Ahead is wrong at once: no queue makes a sample come from the future. Behind may be a queue: told when it stays so. */
const BEHIND_TOLD_MS = 300_000
/** The evaluator says that it judged at most every half minute; accepted samples are noted to the minute. */
const EVALUATOR_MS = 180_000

/** Names that the whole trade uses for an alert that always fires, so that its silence is noticed. */
const WATCHDOG = /^(watchdog|deadmans?switch|deadman|heartbeat)$/i
/** Prometheus repeats every minute and promises five; a webhook repeats when its group does, four hours by default. */
const SAID_AGAIN_SECONDS = 300
const GROUP_AGAIN_SECONDS = 18_000

/** @returns undefined for an alert that is none; allowedSeconds null when its sender took it back */
export function watchdogOf(source: { id: string; name: string }, one: Incoming): Omit<Pulse, 'atMs'> | undefined {
  if ((one.source !== 'ALERTMANAGER' && one.source !== 'WEBHOOK') || !WATCHDOG.test(one.labels.alertname ?? '')) return undefined
  const said = Number(one.labels.heartbeat_seconds)
  const usual = one.source === 'ALERTMANAGER' ? SAID_AGAIN_SECONDS : GROUP_AGAIN_SECONDS
  return {
    name: `watchdog:${source.id}:${one.fingerprint}`,
    title: `${source.name} · ${one.labels.alertname}`,
    allowedSeconds: Number.isInteger(said) && said >= 30 && said <= 604_800 ? said : usual,
  }
}

const seconds = (ms: number): number => Math.round(ms / 1000)

/** What is wrong with the watching itself. Pure; in the order in which it should be read. */
export function findingsOf({ nowMs, pulses, sources, acceptedMs, lateSinceMs, heartbeatWanted }: SelfSeen): Finding[] {
  return [
    ...stalled(pulses, acceptedMs),
    ...(lateSinceMs === null ? [] : [lateTimers(seconds(nowMs - lateSinceMs))]),
    ...pulses.flatMap((pulse) => {
      const lateMs = nowMs - pulse.atMs - pulse.allowedSeconds * 1000
      if (lateMs <= 0) return []
      if (pulse.name.startsWith('watchdog:')) return [unheard(pulse)]
      return pulse.name === 'heartbeat' && heartbeatWanted ? [undelivered(pulse)] : []
    }),
    ...sources.flatMap((source) => [...silent(source), ...clockOff(source, nowMs)]),
  ]
}

function stalled(pulses: readonly Pulse[], acceptedMs: number | null): Finding[] {
  const pulse = pulses.find(({ name }) => name === 'evaluator')
  if (!pulse || acceptedMs === null || acceptedMs - pulse.atMs <= EVALUATOR_MS) return []
  return [
    {
      key: 'evaluator',
      level: 'II',
      title: { zh: '告警判定停止：有数据到达但未判定', en: 'Alarms are not judged: samples arrive and nobody looks at them' },
      hint: { zh: '查看服务日志，必要时重启服务进程', en: 'Read the log of the server; restart the process if need be' },
      objectName: '告警判定',
      value: seconds(acceptedMs - pulse.atMs),
      unit: 's',
    },
  ]
}
const lateTimers = (late: number): Finding => ({
  key: 'timers',
  level: 'II',
  title: {
    zh: '告警计时停止：到期的等待与升级没有执行',
    en: 'Timers of alarms stand still: waits and escalations that are due are not taken',
  },
  hint: { zh: '查看服务日志与数据库负载', en: 'Read the log of the server and look at the load of the database' },
  objectName: '告警计时',
  value: late,
  unit: 's',
})
const unheard = (pulse: Pulse): Finding => ({
  key: pulse.name,
  level: 'II',
  title: { zh: '外部监控链路中断：常报告警没有按时到达', en: 'A watchdog alert did not arrive: the monitoring behind it is out of reach' },
  hint: { zh: '检查该 Prometheus 或 Alertmanager 及到本平台的网络', en: 'Check that Prometheus or Alertmanager and its way to us' },
  objectName: pulse.title,
  value: pulse.allowedSeconds,
  unit: 's',
})
const undelivered = (pulse: Pulse): Finding => ({
  key: 'heartbeat',
  level: 'III',
  title: {
    zh: '心跳送不出去：外部看不到本平台是否在值守',
    en: 'Our heartbeat cannot be delivered: nobody outside sees whether we are alive',
  },
  hint: { zh: '检查 HEARTBEAT_URL 指向的地址', en: 'Check the address that HEARTBEAT_URL names' },
  objectName: pulse.title,
})
const silent = ({ id, name, silentSinceMs }: SourceSeen): Finding[] =>
  silentSinceMs === null
    ? []
    : [
        {
          key: `source:${id}`,
          level: 'II',
          title: { zh: '监测来源静默', en: 'A source is silent' },
          hint: {
            zh: '它所监测的对象现在看不见；检查采集程序与网络',
            en: 'What it watches is out of sight; check the collector and the network',
          },
          objectName: name,
        },
      ]
function clockOff({ id, name, skewMs, skewedSinceMs }: SourceSeen, nowMs: number): Finding[] {
  if (skewMs === null || skewedSinceMs === null) return []
  if (skewMs < 0 && nowMs - skewedSinceMs < BEHIND_TOLD_MS) return []
  return [
    {
      key: `clock:${id}`,
      level: 'III',
      title:
        skewMs > 0
          ? { zh: '来源时钟超前', en: 'The clock of a source is ahead' }
          : { zh: '来源时钟落后或积压', en: 'The clock of a source is behind, or it has a backlog' },
      hint: {
        zh: '核对来源主机的时间同步；差错的时刻会使曲线与判定错位',
        en: 'Check time synchronisation there; wrong instants shift curves and judgements',
      },
      objectName: name,
      value: seconds(skewMs),
      unit: 's',
    },
  ]
}
