import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { worldPrefix } from '../shared/practice.ts'
import { AreaPage } from './shell/AreaPage.tsx'
import { Crashed, NotFound } from './shell/Crashed.tsx'
import { Frame } from './shell/Frame.tsx'

const root = createRootRoute({ component: Outlet, errorComponent: Crashed, notFoundComponent: NotFound })
const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame })

type Face = Record<string, ComponentType>
const lazily = (load: () => Promise<object>, name: string) => lazyRouteComponent(load as () => Promise<Face>, name)
/** A page within the frame. Addresses are plain text on purpose: pages of modules are linked by address, as in mails and notices. */
const page = (path: string, load: () => Promise<object>, name: string) =>
  createRoute({ getParentRoute: () => frame, path, component: lazily(load, name), errorComponent: Crashed })
const bare = (path: string, load: () => Promise<object>, name: string) =>
  createRoute({ getParentRoute: () => root, path, component: lazily(load, name) })
const area = (path: string) => createRoute({ getParentRoute: () => frame, path, component: AreaPage })

const home = () => import('../modules/home/index.ts')
const overview = () => import('../modules/overview/index.ts')
const compliance = () => import('../modules/compliance/index.ts')
const availability = () => import('../modules/availability/index.ts')
const report = () => import('../modules/report/index.ts')
const meeting = () => import('../modules/meeting/index.ts')
const assessment = () => import('../modules/assessment/index.ts')
const document = () => import('../modules/document/index.ts')
const training = () => import('../modules/training/index.ts')
const identity = () => import('../modules/identity/index.ts')
const request = () => import('../modules/request/index.ts')
const admission = () => import('../modules/admission/index.ts')
const process = () => import('../modules/process/index.ts')
const migration = () => import('../modules/migration/index.ts')
const change = () => import('../modules/change/index.ts')
const provisioning = () => import('../modules/provisioning/index.ts')
const reclaim = () => import('../modules/reclaim/index.ts')
const lifecycle = () => import('../modules/lifecycle/index.ts')
const patch = () => import('../modules/patch/index.ts')
const security = () => import('../modules/security/index.ts')
const form = () => import('../modules/form/index.ts')
const inspection = () => import('../modules/inspection/index.ts')
const duty = () => import('../modules/duty/index.ts')
const incident = () => import('../modules/incident/index.ts')
const alarm = () => import('../modules/alarm/index.ts')
const desk = () => import('../modules/desk/index.ts')
const problem = () => import('../modules/problem/index.ts')
const knowledge = () => import('../modules/knowledge/index.ts')
const servicerequest = () => import('../modules/servicerequest/index.ts')
const emergency = () => import('../modules/emergency/index.ts')
const entrance = () => import('../modules/identity/entrance/index.ts')
const inventory = () => import('../modules/inventory/index.ts')
const plan = () => import('../modules/plan/index.ts')
const calendar = () => import('../modules/calendar/index.ts')
const notification = () => import('../modules/notification/index.ts')
const assurance = () => import('../modules/assurance/index.ts')
const health = () => import('../modules/health/index.ts')
const telemetry = () => import('../modules/telemetry/index.ts')
const log = () => import('../modules/log/index.ts')
const ledger = () => import('../modules/ledger/index.ts')
const setup = () => import('../modules/setup/index.ts')
const upkeep = () => import('../modules/upkeep/index.ts')
const settings = () => import('../modules/settings/index.ts')

const pages = [
  page('/', home, 'HomePage'),
  page('/overview', overview, 'OverviewPage'),
  page('/guide', home, 'GuidePage'),
  page('/tasks', home, 'TasksPage'),
  page('/tasks/$taskId', process, 'TaskPage'),
  page('/processes/instances/$instanceId', process, 'InstancePage'),
  page('/work/requests', request, 'RequestsPage'),
  page('/work/requests/$id', request, 'RequestPage'),
  page('/plan/processes', process, 'DefinitionsPage'),
  page('/plan/processes/$key', process, 'DefinitionPage'),
  page('/plan/operations', process, 'OperationsPage'),
  page('/work/admissions', admission, 'AdmissionsPage'),
  page('/work/admissions/$id', admission, 'AdmissionPage'),
  page('/work/orders', provisioning, 'WorkOrdersPage'),
  page('/work/orders/$id', provisioning, 'WorkOrderPage'),
  page('/work-orders/$id', provisioning, 'WorkOrderPage'),
  page('/work/changes', change, 'ChangesPage'),
  page('/work/changes/calendar', change, 'ChangeCalendarPage'),
  page('/work/changes/rules', change, 'ChangeRulesPage'),
  page('/work/changes/$id', change, 'ChangePage'),
  page('/work/migrations', migration, 'MigrationsPage'),
  page('/work/migrations/$id', migration, 'MigrationPage'),
  page('/work/forms/$formId', form, 'FormPage'),
  page('/work/reclaim', reclaim, 'ReclaimCasesPage'),
  page('/work/reclaim/candidates', reclaim, 'CandidatesPage'),
  page('/work/reclaim/exemptions', reclaim, 'ExemptionsPage'),
  page('/work/reclaim/savings', reclaim, 'SavingsPage'),
  page('/work/reclaim/$id', reclaim, 'ReclaimCasePage'),
  page('/duty/incidents', incident, 'IncidentsPage'),
  page('/duty/incidents/new', incident, 'ReportPage'),
  page('/duty/incidents/$id', incident, 'IncidentPage'),
  page('/duty/alarms', alarm, 'AlarmsPage'),
  page('/duty/alarms/silences', alarm, 'SilencesPage'),
  page('/duty/alarms/$id', alarm, 'AlarmPage'),
  page('/duty/alarm-rules', alarm, 'RulesPage'),
  page('/duty/coverage', alarm, 'CoveragePage'),
  page('/duty/map', alarm, 'MapPage'),
  page('/duty/policy-checks', alarm, 'PolicyCheckPage'),
  page('/settings/screens', alarm, 'ScreensPage'),
  page('/duty/calendar', duty, 'DutyCalendarPage'),
  page('/duty/calendar/swaps', duty, 'SwapsPage'),
  page('/duty/calendar/hand-overs', duty, 'HandOversPage'),
  page('/duty/calendar/rosters', duty, 'RostersPage'),
  page('/duty/calendar/officers', duty, 'OfficersPage'),
  page('/duty/rounds', inspection, 'RoundsPage'),
  page('/duty/rounds/points', inspection, 'PointsPage'),
  page('/duty/rounds/$id', inspection, 'RoundPage'),
  page('/duty/desk', desk, 'DeskPage'),
  page('/settings/intake', desk, 'IntakePage'),
  page('/duty/emergencies', emergency, 'EmergenciesPage'),
  page('/duty/emergencies/plans/$id', emergency, 'PlanPage'),
  page('/duty/emergencies/$id', emergency, 'EmergencyPage'),
  page('/work/services', servicerequest, 'ServicesPage'),
  page('/work/services/new/$code', servicerequest, 'OrderServicePage'),
  page('/work/services/$id', servicerequest, 'ServicePage'),
  page('/duty/knowledge', knowledge, 'KnowledgePage'),
  page('/duty/knowledge/$id', knowledge, 'ArticlePage'),
  page('/duty/problems', problem, 'ProblemsPage'),
  page('/duty/problems/actions', problem, 'ActionsPage'),
  page('/duty/problems/$id', problem, 'ProblemPage'),
  area('/work'),
  area('/duty'),
  area('/cloud'),
  area('/plan'),
  area('/proof'),
  page('/proof/board', compliance, 'BoardPage'),
  page('/proof/availability', availability, 'AvailabilityPage'),
  page('/proof/availability/$id', availability, 'ApplicationAvailabilityPage'),
  page('/proof/downtimes', availability, 'DowntimesPage'),
  page('/proof/status', availability, 'StatusPage'),
  page('/proof/recompute', availability, 'RecomputePage'),
  page('/cloud/logs', log, 'LogsPage'),
  page('/cloud/logs/review', log, 'LogReviewPage'),
  page('/cloud/top', telemetry, 'TopPage'),
  page('/records/controls', assurance, 'ControlsPage'),
  page('/records/data-classes', assurance, 'DataClassesPage'),
  page('/records/exports', assurance, 'ExportsPage'),
  page('/settings/health', health, 'HealthPage'),
  page('/settings/sources', telemetry, 'SourcesPage'),
  page('/settings/sources/$id', telemetry, 'SourcePage'),
  page('/settings/probes', availability, 'ProbesPage'),
  page('/proof/waivers', compliance, 'WaiversPage'),
  page('/proof/reports', report, 'ReportsPage'),
  page('/proof/reports/$month', report, 'ReportPage'),
  page('/records/register', document, 'RegisterPage'),
  page('/records/papers/$id', document, 'PaperPage'),
  page('/records/papers', document, 'PapersPage'),
  page('/records/library', document, 'LibraryPage'),
  page('/help/manual', training, 'ManualPage'),
  page('/records/trainings/$id', training, 'TrainingPage'),
  page('/records/trainings', training, 'TrainingsPage'),
  page('/records/practice/$id', training, 'PracticeRunPage'),
  page('/records/practice', training, 'PracticePage'),
  page('/proof/optimisations/$id', assessment, 'OptimisationPage'),
  page('/proof/assessments/$id', assessment, 'AssessmentPage'),
  page('/proof/assessments', assessment, 'AssessmentsPage'),
  page('/proof/meetings/$id', meeting, 'MeetingPage'),
  page('/proof/meetings', meeting, 'MeetingsPage'),
  area('/records'),
  area('/settings'),
  page('/cloud/applications', inventory, 'ApplicationsPage'),
  page('/cloud/applications/$id', inventory, 'ApplicationPage'),
  page('/cloud/applications/$id/lifecycle', lifecycle, 'LifecyclePage'),
  page('/duty/patches', patch, 'PatchesPage'),
  page('/duty/patches/$id', patch, 'PatchRoundPage'),
  page('/cloud/showback', lifecycle, 'ShowbackPage'),
  page('/cloud/security', security, 'SecurityPage'),
  page('/cloud/security/orders/$id', security, 'SecurityOrderPage'),
  page('/cloud/servers', inventory, 'ServersPage'),
  page('/cloud/servers/$id', inventory, 'ServerPage'),
  page('/cloud/volumes', inventory, 'VolumesPage'),
  page('/cloud/volumes/$id', inventory, 'VolumePage'),
  page('/cloud/networks', inventory, 'NetworksPage'),
  page('/cloud/networks/$id', inventory, 'NetworkPage'),
  page('/cloud/pools', inventory, 'PoolsPage'),
  page('/cloud/pools/$id', inventory, 'PoolPage'),
  page('/cloud/flavors', inventory, 'FlavorsPage'),
  page('/cloud/images', inventory, 'ImagesPage'),
  page('/cloud/hardware', inventory, 'HardwarePage'),
  page('/cloud/hardware/$id', inventory, 'HardwareModelPage'),
  page('/cloud/racks', inventory, 'RacksPage'),
  page('/cloud/components', inventory, 'ComponentsPage'),
  page('/cloud/components/$id', inventory, 'ComponentPage'),
  page('/cloud/capacity', inventory, 'CapacityPage'),
  page('/cloud/drift', inventory, 'DriftPage'),
  page('/cloud/adoptions', inventory, 'AdoptionsPage'),
  page('/cloud/adoptions/$id', inventory, 'AdoptionPage'),
  page('/cloud/map', inventory, 'MapPage'),
  page('/cloud/map/$id', inventory, 'MapPage'),
  page('/cloud/exchange', inventory, 'ExchangePage'),
  page('/cloud/resources', settings, 'CloudResourcesPage'),
  page('/cloud/base-parameters', inventory, 'BaseParametersPage'),
  page('/plan/overview', plan, 'PlanPage'),
  page('/plan/proposals', plan, 'ProposalsPage'),
  page('/plan/clauses', plan, 'ClausesPage'),
  page('/plan/clauses/$clauseId', plan, 'ClausePage'),
  page('/plan/parameters', plan, 'ParametersPage'),
  page('/plan/parameters/$key', plan, 'ParameterPage'),
  page('/plan/calendar', calendar, 'CalendarPage'),
  page('/plan/deadline', calendar, 'DeadlinePage'),
  page('/records/ledger', ledger, 'LedgerPage'),
  page('/records/verify', ledger, 'VerifyPage'),
  page('/notices', notification, 'InboxPage'),
  page('/settings/preferences', notification, 'PreferencesPage'),
  page('/settings/people', identity, 'PeoplePage'),
  page('/settings/grants', identity, 'GrantsPage'),
  page('/settings/tenants', identity, 'TenantsPage'),
  page('/settings/delegations', identity, 'DelegationsPage'),
  page('/settings/account', identity, 'AccountPage'),
  page('/settings/access-reviews', identity, 'AccessReviewPage'),
  page('/settings/access-reviews/$id', identity, 'AccessReviewPage'),
  page('/settings/people/$id/hand-over', identity, 'HandOverPage'),
  page('/settings/registrations', identity, 'RegistrationsPage'),
  page('/settings/security', identity, 'SecurityPolicyPage'),
  page('/settings/sign-ins', identity, 'SignInsPage'),
  page('/settings/single-sign-on', identity, 'SingleSignOnPage'),
  page('/settings/ldap', identity, 'LdapPage'),
  page('/settings/checklist', setup, 'ChecklistPage'),
  page('/settings/backups', upkeep, 'BackupsPage'),
  page('/settings/upkeep', upkeep, 'UpkeepPage'),
  page('/settings/channels', settings, 'ChannelsPage'),
  page('/settings/templates', settings, 'TemplatesPage'),
  page('/settings/deliveries', settings, 'DeliveriesPage'),
  page('/settings/connections', settings, 'ConnectionsPage'),
]

export const createAppRouter = () =>
  createRouter({
    ...(worldPrefix ? { basepath: worldPrefix } : {}),
    routeTree: root.addChildren([
      frame.addChildren(pages),
      bare('/sign-in', entrance, 'SignInPage'),
      bare('/wall', alarm, 'WallPage'),
      bare('/status', availability, 'OpenStatusPage'),
      bare('/overview/wall', overview, 'OverviewWallPage'),
      bare('/set-up', entrance, 'SetUpPage'),
      bare('/register', entrance, 'RegisterPage'),
      bare('/welcome', entrance, 'WelcomePage'),
    ]),
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultNotFoundComponent: NotFound,
  })
