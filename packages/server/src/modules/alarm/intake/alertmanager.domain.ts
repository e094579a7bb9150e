import { createHash } from 'node:crypto'
import { hostOf, type Incoming, instantOf, isRecord, levelOf, MalformedError, startOf, textsOf, uuidOrNull } from './incoming.domain.ts'

/** A sender that promised to repeat and did not is missing, not fine: a while beyond what it said. */
const GRACE_MS = 60_000
const RESOLVE_MS = 300_000
/** Labels that are not part of what the alert is about. */
const TOLD = new Set(['level', 'severity', 'prometheus', 'replica', 'monitor', 'alertstate'])

const fingerprintOf = (labels: Record<string, string>): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        Object.entries(labels)
          .filter(([name]) => !TOLD.has(name))
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    )
    .digest('hex')
    .slice(0, 32)

function oneAlert(alert: unknown, source: Incoming['source'], now: number, quietMs: number | null): Incoming {
  if (!isRecord(alert)) throw new MalformedError('an alert is an object')
  const labels = textsOf(alert.labels)
  const annotations = textsOf(alert.annotations)
  const { alertname } = labels
  if (!alertname) throw new MalformedError('labels.alertname is missing')
  const ends = instantOf(alert.endsAt)
  const resolved = alert.status === 'resolved' || (ends !== undefined && ends <= now)
  const value = Number(annotations.value ?? labels.value)
  return {
    source,
    labels,
    fingerprint: fingerprintOf(labels),
    title: annotations.summary || alertname,
    detail: annotations.description ?? '',
    state: resolved ? 'resolved' : 'firing',
    at: now,
    // when the sender's own wait was over: the trouble is no younger than that
    startedAt: startOf(alert.startsAt, now),
    quietAt: resolved ? null : quietMs === null ? (ends ?? now + RESOLVE_MS) + GRACE_MS : now + quietMs,
    object: {
      id: uuidOrNull(labels.ci_id),
      address: labels.instance ? hostOf(labels.instance) : null,
      name: labels.ci_name || labels.instance || alertname,
    },
    level: levelOf(labels.level) ?? levelOf(labels.severity) ?? 'III',
    value: Number.isFinite(value) && (annotations.value ?? labels.value) ? value : null,
  }
}

/** `POST /api/v2/alerts`, as Prometheus and vmalert send it: firing alerts again and again, resolved ones a few times. @throws MalformedError */
export function readAlerts(body: unknown, now: number): Incoming[] {
  if (!Array.isArray(body)) throw new MalformedError('an array of alerts')
  return body.map((alert) => oneAlert(alert, 'ALERTMANAGER', now, null))
}

/** A group repeats every four hours unless configured otherwise; a day without a word and nobody knows. */
const REPEAT_MS = 86_400_000
/** Webhook version 4. @throws MalformedError for a payload somebody shaped differently */
export function readWebhook(body: unknown, now: number): { alerts: Incoming[]; truncated: number } {
  if (!isRecord(body) || body.version !== '4' || !Array.isArray(body.alerts)) throw new MalformedError('no webhook of version 4')
  const truncated = Number(body.truncatedAlerts ?? 0)
  return {
    alerts: body.alerts.map((alert) => oneAlert(alert, 'WEBHOOK', now, REPEAT_MS)),
    truncated: Number.isFinite(truncated) ? truncated : 0,
  }
}
