import type { Role } from '@changbai/contract/capability.ts'
import type { StopKey } from './tourText.ts'

/** Where a tour stops: a page, and what is said there. */
export interface Stop {
  to: string
  key: StopKey
}

const stops: Readonly<Record<StopKey, string>> = {
  home: '/',
  overview: '/overview',
  admissions: '/work/admissions',
  requests: '/work/requests',
  orders: '/work/orders',
  changes: '/work/changes',
  incidents: '/duty/incidents',
  alarms: '/duty/alarms',
  rounds: '/duty/rounds',
  roster: '/duty/calendar',
  desk: '/duty/desk',
  applications: '/cloud/applications',
  servers: '/cloud/servers',
  capacity: '/cloud/capacity',
  baseParameters: '/cloud/base-parameters',
  board: '/proof/board',
  availability: '/proof/availability',
  recompute: '/proof/recompute',
  meetings: '/proof/meetings',
  reports: '/proof/reports',
  assessments: '/proof/assessments',
  register: '/records/register',
  papers: '/records/papers',
  trainings: '/records/trainings',
  ledger: '/records/ledger',
  verify: '/records/verify',
  people: '/settings/people',
  grants: '/settings/grants',
  security: '/settings/security',
}

const bureau: readonly StopKey[] = ['home', 'admissions', 'requests', 'incidents', 'applications', 'availability']
const technical: readonly StopKey[] = ['home', 'incidents', 'alarms', 'rounds', 'servers', 'roster']
const customer: readonly StopKey[] = ['overview', 'board', 'availability', 'reports', 'meetings']
const byRole: Readonly<Record<Role, readonly StopKey[]>> = {
  IAAS_ADMIN: ['home', 'baseParameters', 'servers', 'capacity', 'grants'],
  OPERATION_MANAGER: ['home', 'orders', 'board', 'meetings', 'reports', 'register'],
  OPERATION_TECHNICIAN: ['home', 'orders', 'servers', 'capacity'],
  MAINTENANCE_MANAGER: ['home', 'incidents', 'rounds', 'alarms', 'board', 'assessments'],
  MAINTENANCE_ENGINEER: technical,
  APP_PROJECT_MANAGER: bureau,
  APP_ENGINEER: ['home', 'incidents', 'applications', 'servers', 'availability'],
  BUILD_PROJECT_MANAGER: ['home', 'capacity', 'servers', 'meetings', 'reports'],
  DUTY_OFFICER: technical,
  SERVICE_DESK: ['home', 'desk', 'incidents', 'roster'],
  PROVIDER_LEADER: ['home', 'overview', 'board', 'incidents', 'reports'],
  CUSTOMER_OM_MANAGER: ['home', ...customer],
  CUSTOMER_LEADER: customer,
  THIRD_PARTY: ['board', 'availability', 'recompute'],
  TENANT_ADMIN: ['home', 'requests', 'incidents', 'servers', 'trainings'],
  TENANT_APPROVER: ['home', 'requests', 'applications', 'papers'],
  SYSTEM_ADMIN: ['people', 'grants'],
  SECURITY_ADMIN: ['grants', 'security'],
  AUDIT_ADMIN: ['ledger', 'verify'],
}

/** The tour of whoever holds these roles: that of the first, less the pages they may not open. */
export const tourFor = (roles: readonly Role[], mayVisit: (to: string) => boolean): Stop[] => {
  const first = roles[0]
  return first ? byRole[first].map((key) => ({ key, to: stops[key] })).filter(({ to }) => mayVisit(to)) : []
}
