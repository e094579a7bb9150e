import type { ClauseLine } from './document.ts'

/**
 * What this program records, by the kind of promise: the names that `of` of a clause may say. A list and not a question to the modules, because a
 * folder is checked without loading any of them; a test compares it with what they offer.
 */
export const measures: Record<NonNullable<ClauseLine['meter']>, readonly string[]> = {
  'deadline-met': [
    'baremetal-delivery',
    'cluster-shrink',
    'coordination',
    'ddos-alarm',
    'emergency-started',
    'incident-clocks-I',
    'incident-clocks-II',
    'incident-clocks-III',
    'incident-clocks-IV',
    'leader-notice',
    'maintenance-work',
    'migration',
    'minutes-archived',
    'monthly-report-draft',
    'monthly-report-internal',
    'monthly-report-presented',
    'patch-order',
    'postmortem',
    'provisioning-notified',
    'provisioning-shared',
    'quarterly-assessment',
    'right-size',
    'server-reclaim',
    'storage-alarm',
    'storage-reclaim',
    'support-order',
    'template-order',
    'vm-delivery',
  ],
  complete: [
    'basics-versioned',
    'call-result',
    'catalog-complete',
    'change-on-paper',
    'expansion-assessed',
    'facility-report',
    'handled-online',
    'incident-report',
    'load-assessed',
    'meeting-content',
    'network-provided',
    'optimisation-reviewed',
    'optimisation-tracked',
    'outage-confirmed',
    'outage-ruled',
    'planned-downtime',
    'provision-form',
    'provisioning-accepted',
    'provisioning-approved',
    'request-admitted',
    'server-report-peaks',
    'server-report-reasons',
    'severity-agreed',
    'storage-report-history',
    'storage-report-reasons',
    'training-form',
    'training-topics',
    'uptime-confirmed',
  ],
  holds: [
    'administrators-passed',
    'bandwidth-monitored',
    'bmc-monitored',
    'cards-monitored',
    'connectivity-probed',
    'cpu-monitored',
    'desk-manned',
    'device-load-monitored',
    'disk-monitored',
    'disks-monitored',
    'duty-qualified',
    'engineer-held',
    'grants-approved',
    'hotline-manned',
    'maintenance-manned',
    'memory-monitored',
    'models-tested',
    'network-monitored',
    'project-manager-held',
    'reconciled',
    'register-complete',
    'security-package-held',
    'three-kinds-monitored',
    'thresholds-set',
  ],
  rhythm: [
    'board-signed',
    'capacity-plan',
    'device-log-review',
    'facility-round',
    'guidance',
    'meeting-led',
    'planning-paper',
    'platform-round',
    'policy-check',
    'tenant-round',
    'training-held',
    'weekly-meeting',
  ],
  availability: ['application-available', 'application-target', 'availability-figure', 'normal-service'],
}

const kinds = Object.entries(measures)
/** The nearest way to say it right: the kind that records this name, or the kinds' names that begin alike. */
function hint(of: string): string {
  const kind = kinds.find(([, names]) => names.includes(of))?.[0]
  if (kind) return `it is measured by ${kind}`
  const [word = ''] = of.split('-')
  const alike = kinds.flatMap(([, names]) => names.filter((name) => word !== '' && name.startsWith(word)))
  return alike.length > 0 ? `there is ${alike.join(', ')}` : 'docs/plan-authoring.md lists the names'
}

/** Why a clause would never be judged; null when something records it. */
export function unmeasured({ meter, of }: Pick<ClauseLine, 'meter' | 'of'>): { field: 'meter' | 'of'; reason: string } | null {
  if (meter === undefined || of === undefined) return { field: 'meter', reason: 'the clause names no meter' }
  return measures[meter].includes(of) ? null : { field: 'of', reason: `nothing records ${of} by ${meter}; ${hint(of)}` }
}
