import { hostOf, type Incoming, instantOf, isRecord, levelOf, MalformedError, textOf } from './incoming.domain.ts'

/** What a sensor's clock may be off by; further off, the time of arrival counts. */
const SKEW_MS = 300_000
const near = (at: number | undefined, now: number): number => (at !== undefined && Math.abs(at - now) <= SKEW_MS ? Math.min(at, now) : now)

/** Suricata's EVE, a JSON object a line, or an array of them; only alerts are alarms. @throws MalformedError */
export function readEve(text: string, now: number): Incoming[] {
  const lines = text.trimStart().startsWith('[')
    ? parseArray(text)
    : text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(parseLine)
  return lines.flatMap((event) => {
    if (!isRecord(event)) throw new MalformedError('an event is an object')
    if (event.event_type !== 'alert' || !isRecord(event.alert)) return []
    const { alert } = event
    const [from, to] = [textOf(event.src_ip), textOf(event.dest_ip)]
    const labels = {
      signature: textOf(alert.signature),
      signature_id: textOf(alert.signature_id),
      category: textOf(alert.category),
      severity: textOf(alert.severity),
      action: textOf(alert.action),
      src_ip: from,
      dest_ip: to,
      dest_port: textOf(event.dest_port),
      proto: textOf(event.proto),
    }
    return [
      {
        source: 'SURICATA' as const,
        labels,
        fingerprint: `${labels.signature_id} ${from}`,
        title: labels.signature || 'Suricata',
        detail: `${labels.category} ${from} → ${to}:${labels.dest_port}`,
        state: 'firing' as const,
        at: near(instantOf(event.timestamp), now),
        startedAt: null,
        quietAt: null,
        object: { id: null, address: to, name: to },
        level: ({ '1': 'II', '2': 'III' } as const)[labels.severity] ?? ('IV' as const),
        value: null,
      },
    ]
  })
}
function parseArray(text: string): unknown[] {
  const parsed = parseLine(text)
  if (!Array.isArray(parsed)) throw new MalformedError('an array of events')
  return parsed
}
function parseLine(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new MalformedError((error as Error).message)
  }
}

/** What `notify-fastnetmon.sh` posts: the script's four arguments and what FastNetMon wrote to its standard input. @throws MalformedError */
export function readFastNetMon(body: unknown, now: number): Incoming[] {
  if (!isRecord(body)) throw new MalformedError('an object')
  const [ip, direction, action] = [textOf(body.ip), textOf(body.direction), textOf(body.action)]
  if (!ip || (action !== 'ban' && action !== 'unban')) throw new MalformedError('ip, and action ban or unban')
  const pps = Number(textOf(body.pps))
  const labels = { ip, direction: direction || 'incoming', pps: textOf(body.pps), details: textOf(body.details) }
  return [
    {
      source: 'FASTNETMON',
      labels,
      fingerprint: `${ip} ${labels.direction}`,
      title: `DDoS ${ip}`,
      detail: labels.details.split('\n').slice(0, 20).join('\n'),
      state: action === 'ban' ? 'firing' : 'resolved',
      at: now,
      startedAt: null,
      quietAt: null,
      object: { id: null, address: ip, name: ip },
      level: 'II',
      value: Number.isFinite(pps) && labels.pps !== '' ? pps : null,
    },
  ]
}

const GOOD = new Set(['ok', 'informational'])
/** A Redfish event service's delivery: `Events` with a severity and an origin each. @throws MalformedError */
export function readRedfish(body: unknown, now: number, sender: string): Incoming[] {
  if (!isRecord(body) || !Array.isArray(body.Events)) throw new MalformedError('no Redfish event: Events is missing')
  const context = textOf(body.Context)
  return body.Events.map((event) => {
    if (!isRecord(event)) throw new MalformedError('an event is an object')
    const origin = isRecord(event.OriginOfCondition) ? textOf(event.OriginOfCondition['@odata.id']) : textOf(event.OriginOfCondition)
    const severity = textOf(event.MessageSeverity) || textOf(event.Severity)
    const messageId = textOf(event.MessageId)
    const labels = { severity, message_id: messageId, origin, context, message: textOf(event.Message) }
    const address = context && !context.includes(' ') ? hostOf(context) : sender
    return {
      source: 'REDFISH' as const,
      labels,
      // all that is said of one part is one alarm: a later OK ends it
      fingerprint: origin || messageId,
      title: labels.message || messageId || 'Redfish',
      detail: labels.message,
      state: GOOD.has(severity.toLowerCase()) ? ('resolved' as const) : ('firing' as const),
      at: near(instantOf(event.EventTimestamp), now),
      startedAt: null,
      quietAt: null,
      object: { id: null, address, name: context || sender },
      level: levelOf(severity) ?? 'III',
      value: null,
    }
  })
}
