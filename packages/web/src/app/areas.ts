import { Archive, Cloud, FilePenLine, LayoutDashboard, type LucideIcon, PhoneCall, ScrollText, Settings, ShieldCheck } from 'lucide-react'
import type { appText } from './appText.ts'

type Key = typeof appText extends { keys?: infer K } ? NonNullable<K> : never

export interface AreaPage {
  to: string
  label: Key
  /** Shown to holders of any of these; absent: everybody. */
  may?: readonly string[]
}
export interface Area {
  key: Key
  /** `g` + this letter. */
  letter: string
  to: string
  icon: LucideIcon
  pages: readonly AreaPage[]
}

/** The rail: what a person sees of it follows from the pages they may open. The order is that of the service plan's five nouns. */
export const areas: readonly Area[] = [
  {
    key: 'home',
    letter: 'h',
    to: '/',
    icon: LayoutDashboard,
    pages: [
      { to: '/', label: 'home', may: ['process.task:X'] },
      { to: '/guide', label: 'guide', may: ['request.submit:C', 'request.submit:U', 'request.submit:A'] },
      { to: '/overview', label: 'overview', may: ['compliance.board.view:R'] },
    ],
  },
  {
    key: 'work',
    letter: 'w',
    to: '/work',
    icon: FilePenLine,
    pages: [
      { to: '/work/admissions', label: 'admissions', may: ['admission.read:r'] },
      { to: '/work/requests', label: 'requests', may: ['request.read:r'] },
      { to: '/work/orders', label: 'workOrders', may: ['provisioning.read:r'] },
      { to: '/work/changes', label: 'changes', may: ['change.read:r'] },
      { to: '/work/migrations', label: 'migrations', may: ['migration.read:r'] },
      { to: '/work/changes/calendar', label: 'changeCalendar', may: ['change.read:r'] },
      { to: '/work/changes/rules', label: 'changeRules', may: ['change.rules:C', 'change.rules:A'] },
      { to: '/work/reclaim', label: 'reclaim', may: ['reclaim.read:r'] },
      { to: '/work/services', label: 'services', may: ['serviceRequest.read:r'] },
    ],
  },
  {
    key: 'duty',
    letter: 'd',
    to: '/duty',
    icon: PhoneCall,
    pages: [
      { to: '/duty/incidents', label: 'incidents', may: ['incident.read:r'] },
      { to: '/duty/alarms', label: 'alarms', may: ['monitor.read:r'] },
      { to: '/duty/alarm-rules', label: 'alarmRules', may: ['monitor.read:R'] },
      { to: '/duty/coverage', label: 'coverage', may: ['monitor.read:R'] },
      { to: '/duty/map', label: 'houseMap', may: ['monitor.read:R'] },
      { to: '/duty/policy-checks', label: 'policyChecks', may: ['monitor.read:R'] },
      { to: '/duty/calendar', label: 'dutyCalendar', may: ['duty.roster.manage:r', 'duty.roster.manage:U'] },
      {
        to: '/duty/rounds',
        label: 'rounds',
        may: [
          'inspection.facility.execute:X',
          'inspection.facility.execute:R',
          'inspection.platform.execute:X',
          'inspection.tenant.execute:X',
        ],
      },
      { to: '/duty/patches', label: 'patches', may: ['patch.read:r'] },
      { to: '/duty/problems', label: 'problems', may: ['problem.read:R'] },
      { to: '/duty/knowledge', label: 'knowledge', may: ['knowledge.read:r'] },
      { to: '/duty/emergencies', label: 'emergencies', may: ['emergency.read:R'] },
      { to: '/duty/desk', label: 'desk', may: ['hotline.record:R', 'hotline.record:C'] },
    ],
  },
  {
    key: 'cloud',
    letter: 'c',
    to: '/cloud',
    icon: Cloud,
    pages: [
      { to: '/cloud/applications', label: 'applications', may: ['application.read:r'] },
      { to: '/cloud/servers', label: 'servers', may: ['cmdb.read:r'] },
      { to: '/cloud/volumes', label: 'volumes', may: ['cmdb.read:r'] },
      { to: '/cloud/networks', label: 'networks', may: ['cmdb.read:r'] },
      { to: '/cloud/pools', label: 'pools', may: ['pool.read:R'] },
      { to: '/cloud/flavors', label: 'flavors', may: ['iaas.template.manage:R', 'cmdb.read:r'] },
      { to: '/cloud/images', label: 'images', may: ['iaas.template.manage:R', 'cmdb.read:r'] },
      { to: '/cloud/hardware', label: 'hardware', may: ['iaas.hardwareTest:R', 'cmdb.read:r'] },
      { to: '/cloud/racks', label: 'racks', may: ['pool.read:R'] },
      { to: '/cloud/components', label: 'components', may: ['pool.read:R'] },
      { to: '/cloud/map', label: 'relationMap', may: ['cmdb.read:r'] },
      { to: '/cloud/logs', label: 'deviceLogs', may: ['monitor.read:R'] },
      { to: '/cloud/top', label: 'topServers', may: ['monitor.read:r'] },
      { to: '/cloud/resources', label: 'cloudResources', may: ['cloud.read:R'] },
      { to: '/cloud/capacity', label: 'capacityPage', may: ['pool.read:R'] },
      { to: '/cloud/drift', label: 'drift', may: ['cloud.read:R'] },
      { to: '/cloud/adoptions', label: 'adoptions', may: ['inventory.adopt:R', 'inventory.adopt:r'] },
      { to: '/cloud/security', label: 'securityServices', may: ['security.service.read:r'] },
      { to: '/cloud/showback', label: 'showback', may: ['showback.read:r'] },
      { to: '/cloud/exchange', label: 'exchange', may: ['cmdb.import:X', 'cmdb.export:X'] },
      { to: '/cloud/base-parameters', label: 'baseParameters', may: ['iaas.parameter.manage:R'] },
    ],
  },
  {
    key: 'proof',
    letter: 'f',
    to: '/proof',
    icon: ShieldCheck,
    pages: [
      { to: '/proof/board', label: 'clauseBoard', may: ['compliance.board.view:r'] },
      { to: '/proof/availability', label: 'availability', may: ['monitor.read:r'] },
      { to: '/proof/status', label: 'statusPage', may: ['monitor.read:r'] },
      {
        to: '/proof/downtimes',
        label: 'plannedDowntimes',
        may: ['plannedDowntime.apply:C', 'plannedDowntime.apply:r', 'plannedDowntime.approve:A'],
      },
      { to: '/proof/recompute', label: 'recompute', may: ['monitor.read:r'] },
      {
        to: '/proof/assessments',
        label: 'assessments',
        may: ['quarterly.assess:C', 'quarterly.assess:U', 'quarterly.assess:A', 'quarterly.assess:r'],
      },
      { to: '/proof/waivers', label: 'waivers', may: ['compliance.board.view:R'] },
      {
        to: '/proof/meetings',
        label: 'meetings',
        may: ['meeting.minutes:C', 'meeting.minutes:U', 'meeting.minutes:A', 'meeting.minutes:r'],
      },
      {
        to: '/proof/reports',
        label: 'reports',
        may: [
          'monthlyReport.draft:C',
          'monthlyReport.draft:U',
          'monthlyReport.draft:r',
          'monthlyReport.receive:A',
          'monthlyReport.receive:r',
        ],
      },
    ],
  },
  {
    key: 'plan',
    letter: 'p',
    to: '/plan',
    icon: ScrollText,
    pages: [
      { to: '/plan/overview', label: 'planOverview', may: ['plan.read:R'] },
      { to: '/plan/proposals', label: 'planProposals', may: ['plan.read:R'] },
      { to: '/plan/clauses', label: 'clauses', may: ['plan.read:R'] },
      { to: '/plan/parameters', label: 'parameters', may: ['plan.read:R'] },
      { to: '/plan/processes', label: 'processes', may: ['process.definition.read:r'] },
      { to: '/plan/operations', label: 'processOperations', may: ['process.instance.operate:X'] },
      { to: '/plan/calendar', label: 'calendar', may: ['calendar.read:R'] },
      { to: '/plan/deadline', label: 'deadlineTool', may: ['calendar.read:R'] },
    ],
  },
  {
    key: 'records',
    letter: 'r',
    to: '/records',
    icon: Archive,
    pages: [
      { to: '/records/ledger', label: 'ledger', may: ['audit.log.read:R'] },
      { to: '/records/controls', label: 'controls', may: ['assurance.read:R'] },
      { to: '/records/data-classes', label: 'dataClasses', may: ['assurance.read:R'] },
      { to: '/records/exports', label: 'exports', may: ['export.read:R'] },
      { to: '/records/verify', label: 'verify', may: ['audit.log.verify:X', 'audit.log.export:X'] },
      { to: '/records/register', label: 'register', may: ['document.read:R'] },
      { to: '/records/papers', label: 'papers', may: ['document.read:r'] },
      { to: '/records/library', label: 'library', may: ['document.read:R'] },
      { to: '/records/trainings', label: 'trainings', may: ['training.manage:C', 'training.manage:r', 'training.attend:X'] },
      { to: '/records/practice', label: 'practice', may: ['training.manage:C', 'training.manage:r', 'training.attend:X'] },
    ],
  },
]

/** At the foot of the rail. */
export const settingsArea: Area = {
  key: 'settings',
  letter: 's',
  to: '/settings',
  icon: Settings,
  pages: [
    { to: '/settings/checklist', label: 'checklist', may: ['setup.checklist:R'] },
    { to: '/settings/people', label: 'people', may: ['iam.account.lifecycle:R'] },
    { to: '/settings/grants', label: 'grants', may: ['iam.grant:R'] },
    { to: '/settings/tenants', label: 'tenants', may: ['tenant.manage:R'] },
    { to: '/settings/registrations', label: 'registrations', may: ['tenant.manage:R'] },
    { to: '/settings/delegations', label: 'delegations', may: ['iam.delegation:C'] },
    { to: '/settings/access-reviews', label: 'accessReviews', may: ['iam.accessReview:R'] },
    { to: '/settings/security', label: 'security', may: ['security.policy:R'] },
    { to: '/settings/single-sign-on', label: 'singleSignOn', may: ['settings.oidc:R'] },
    { to: '/settings/ldap', label: 'ldap', may: ['settings.oidc:R'] },
    { to: '/settings/channels', label: 'channels', may: ['settings.smtp:R'] },
    { to: '/settings/templates', label: 'templates', may: ['notification.template:R'] },
    { to: '/settings/deliveries', label: 'deliveries', may: ['notification.delivery:R'] },
    { to: '/settings/health', label: 'health', may: ['ops.health:R'] },
    { to: '/settings/connections', label: 'connections', may: ['settings.cloud:R', 'cloud.read:R'] },
    { to: '/settings/intake', label: 'intake', may: ['settings.intake:R'] },
    { to: '/settings/sources', label: 'sources', may: ['source.token:R', 'monitor.read:R'] },
    { to: '/settings/screens', label: 'screens', may: ['source.token:R'] },
    { to: '/settings/probes', label: 'probes', may: ['source.token:R'] },
    { to: '/settings/backups', label: 'backups', may: ['backup.run:X', 'backup.run:R'] },
    { to: '/settings/upkeep', label: 'upkeep' },
    { to: '/help/manual', label: 'manual' },
    { to: '/settings/preferences', label: 'preferences' },
    { to: '/settings/sign-ins', label: 'signIns' },
    { to: '/settings/account', label: 'account' },
  ],
}

const holds = (held: readonly string[], word: string): boolean =>
  held.includes(word) || (word.endsWith(':r') && held.includes(`${word.slice(0, -1)}R`))
export const mayOpen = (page: AreaPage, held: readonly string[]): boolean => !page.may || page.may.some((word) => holds(held, word))
/** Areas of which the person may open at least one page, with those pages only. */
export const areasFor = (held: readonly string[]): Area[] =>
  areas.map((area) => ({ ...area, pages: area.pages.filter((page) => mayOpen(page, held)) })).filter((area) => area.pages.length > 0)

/** The area and page an address belongs to, for the crumb. */
export function placeOf(path: string): { area: Area; page: AreaPage | null } | null {
  for (const area of [...areas, settingsArea]) {
    const page = area.pages
      .filter((one) => one.to !== '/' && (path === one.to || path.startsWith(`${one.to}/`)))
      .sort((a, b) => b.to.length - a.to.length)[0]
    if (page) return { area, page }
    if (path === area.to) return { area, page: null }
  }
  return null
}
