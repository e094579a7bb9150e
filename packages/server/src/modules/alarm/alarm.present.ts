import type { AlarmSummary } from '@changbai/contract/alarm.shapes.ts'
import type { AlarmRow } from './alarm.store.ts'

const HIDDEN = new Set(['ci_id', 'ci_type', 'ci_name', 'instance', 'job', 'env', 'app_id', 'tenant', 'site', 'rack', '__name__'])
const INTERNAL = /^changbai_|^alertname$|^level$|^topic$|^clause$|^cause$|^severity$/
/** Labels that say what of the object. */
const partText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .filter(([name, value]) => value !== '' && !HIDDEN.has(name) && !INTERNAL.test(name))
    .slice(0, 3)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
    .slice(0, 200)

export const toSummary = (row: AlarmRow): AlarmSummary => ({
  id: row.id,
  rev: row.rev,
  ruleId: row.rule_id,
  title: row.title,
  topic: row.topic,
  source: row.source,
  level: row.level,
  topLevel: row.top_level,
  state: row.state,
  closeReason: row.close_reason,
  objectType: row.object_type,
  objectId: row.object_id,
  objectName: row.object_name,
  tenantId: row.tenant_id,
  applicationId: row.application_id,
  part: partText(row.labels),
  value: row.value,
  unit: row.unit,
  sinceAt: row.since_at.toString(),
  firedAt: row.fired_at?.toString() ?? null,
  closedAt: row.closed_at?.toString() ?? null,
  missingAt: row.missing_at?.toString() ?? null,
  flapping: row.flapping,
  storm: row.storm,
  root: row.root_id ? { id: row.root_id, label: row.root_label ?? '' } : null,
  muted: row.muted
    ? { kind: row.muted.kind, label: row.muted.label, until: Temporal.Instant.fromEpochMilliseconds(row.muted.until).toString() }
    : null,
  told: row.told_level !== null,
  ackedByName: row.acked_by_name,
  incident: row.incident_id ? { id: row.incident_id, number: row.incident_number ?? '' } : null,
})
