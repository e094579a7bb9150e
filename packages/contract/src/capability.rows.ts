import { type Role, roleCodes } from './capability.roles.ts'

/** C create, R read everywhere, r read in the grant's own scope, U change, A approve or sign, X execute. */
export type Verb = 'C' | 'R' | 'r' | 'U' | 'A' | 'X'
export const verbs: readonly Verb[] = ['C', 'R', 'r', 'U', 'A', 'X']
type Letters = Verb | `${Verb}${Verb}` | `${Verb}${Verb}${Verb}` | `${Verb}${Verb}${Verb}${Verb}`
type Row = Readonly<Partial<Record<Role, Letters>>>

/** Fills several roles with the same letters, to keep rows readable. */
const all = <R extends Role>(roles: readonly R[], letters: Letters): Row => Object.fromEntries(roles.map((role) => [role, letters]))

const providerTeam = [
  'IAAS_ADMIN',
  'OPERATION_MANAGER',
  'OPERATION_TECHNICIAN',
  'MAINTENANCE_MANAGER',
  'MAINTENANCE_ENGINEER',
  'BUILD_PROJECT_MANAGER',
  'DUTY_OFFICER',
  'SERVICE_DESK',
] as const
const customer = ['CUSTOMER_OM_MANAGER', 'CUSTOMER_LEADER'] as const
const bureau = ['APP_PROJECT_MANAGER', 'APP_ENGINEER', 'TENANT_ADMIN', 'TENANT_APPROVER'] as const
const threeAdmins = ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'] as const
const knowledgeRoles = [
  'IAAS_ADMIN',
  'OPERATION_MANAGER',
  'OPERATION_TECHNICIAN',
  'SERVICE_DESK',
  'MAINTENANCE_MANAGER',
  'MAINTENANCE_ENGINEER',
  'DUTY_OFFICER',
] as const
/** Reads a business record of any bureau if it works for the cloud or the customer, of its own bureau otherwise. */
const businessRead: Row = { ...all([...providerTeam, ...customer, 'PROVIDER_LEADER'], 'R'), ...all(bureau, 'r') }

const iam = {
  'iam.account.lifecycle': { SYSTEM_ADMIN: 'CRUX', SECURITY_ADMIN: 'R', AUDIT_ADMIN: 'R' },
  'iam.iaasRole.grant': { IAAS_ADMIN: 'CR', SECURITY_ADMIN: 'AR', AUDIT_ADMIN: 'R' },
  'iam.pmRole.grant': { IAAS_ADMIN: 'CR', SECURITY_ADMIN: 'AR', AUDIT_ADMIN: 'R' },
  'iam.otherRole.grant': { SYSTEM_ADMIN: 'CR', SECURITY_ADMIN: 'AR', AUDIT_ADMIN: 'R' },
  'iam.customerRole.grant': { CUSTOMER_OM_MANAGER: 'CA', SYSTEM_ADMIN: 'CR', SECURITY_ADMIN: 'AR', AUDIT_ADMIN: 'R' },
  /** Opens the grant pages; which role may be proposed is decided by the four rows above. */
  'iam.grant': { IAAS_ADMIN: 'CRU', CUSTOMER_OM_MANAGER: 'CRUA', SYSTEM_ADMIN: 'CRU', SECURITY_ADMIN: 'RA', AUDIT_ADMIN: 'R' },
  /** Names, roles and bureaus of people, to address work to them. No telephone numbers, no sign-in data. */
  'iam.directory': {
    ...all([...providerTeam, ...customer, 'PROVIDER_LEADER', ...threeAdmins], 'R'),
    ...all([...bureau, 'THIRD_PARTY'], 'r'),
  },
  'iam.delegation': { ...all([...providerTeam, ...customer, 'PROVIDER_LEADER', ...bureau], 'CU'), SECURITY_ADMIN: 'RU', AUDIT_ADMIN: 'R' },
  'iam.handover': { SYSTEM_ADMIN: 'X', AUDIT_ADMIN: 'R' },
  'iam.accessReview': { SECURITY_ADMIN: 'CRA', IAAS_ADMIN: 'RU', SYSTEM_ADMIN: 'RU', CUSTOMER_OM_MANAGER: 'RU', AUDIT_ADMIN: 'R' },
  'iam.session': { SECURITY_ADMIN: 'RX', AUDIT_ADMIN: 'R' },
  /** Taking away a second factor that was lost; passwords are reset by another administrator. */
  'iam.secondFactor': { SECURITY_ADMIN: 'X', AUDIT_ADMIN: 'R' },
  'security.policy': { SECURITY_ADMIN: 'RU', AUDIT_ADMIN: 'R' },
  'tenant.manage': { IAAS_ADMIN: 'CRU', SECURITY_ADMIN: 'RA', AUDIT_ADMIN: 'R' },
  'tenant.read': { ...businessRead, ...all([...threeAdmins, 'THIRD_PARTY'], 'R') },
} as const satisfies Record<string, Row>

const platform = {
  'audit.log.read': { AUDIT_ADMIN: 'R' },
  'audit.log.export': { AUDIT_ADMIN: 'X' },
  'audit.log.verify': { AUDIT_ADMIN: 'X' },
  'settings.cloud': { SYSTEM_ADMIN: 'CRU', SECURITY_ADMIN: 'RA', AUDIT_ADMIN: 'R' },
  'settings.smtp': { SYSTEM_ADMIN: 'CRU', SECURITY_ADMIN: 'RA', AUDIT_ADMIN: 'R' },
  'settings.sms': { SYSTEM_ADMIN: 'CRU', SECURITY_ADMIN: 'RA', AUDIT_ADMIN: 'R' },
  'settings.webhook': { SYSTEM_ADMIN: 'CRU', SECURITY_ADMIN: 'RA', AUDIT_ADMIN: 'R' },
  'settings.oidc': { SYSTEM_ADMIN: 'CRU', SECURITY_ADMIN: 'RA', AUDIT_ADMIN: 'R' },
  'settings.manage': { SYSTEM_ADMIN: 'CRU', SECURITY_ADMIN: 'RA', AUDIT_ADMIN: 'R' },
  /** Where telephone system and mailbox of the desk come in. */
  'settings.intake': { SYSTEM_ADMIN: 'CRU', SECURITY_ADMIN: 'RA', AUDIT_ADMIN: 'R' },
  'source.token': { IAAS_ADMIN: 'CR', SECURITY_ADMIN: 'RA', AUDIT_ADMIN: 'R' },
  'backup.run': { SYSTEM_ADMIN: 'X', AUDIT_ADMIN: 'R' },
  'setup.checklist': { ...all(['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN', 'IAAS_ADMIN', 'OPERATION_MANAGER'], 'R') },
  'upkeep.maintenance': { SYSTEM_ADMIN: 'X', AUDIT_ADMIN: 'R' },
  /** What an assessor looks for, with its evidence, and the export of all of it. */
  'assurance.read': { SYSTEM_ADMIN: 'R', SECURITY_ADMIN: 'R', AUDIT_ADMIN: 'R' },
  'audit.export': { AUDIT_ADMIN: 'X' },
  /** Who reads the list of exports; whose word a large or careful one needs. */
  'export.read': { SECURITY_ADMIN: 'R', AUDIT_ADMIN: 'R' },
  'export.approve': { SECURITY_ADMIN: 'A' },
  /** How somebody is reached. R: seen whole, for those whose work is to telephone; X: one at a time, saying why. Everybody else sees enough to recognise. */
  'personal.contact': {
    ...all(['DUTY_OFFICER', 'SERVICE_DESK'], 'RX'),
    ...all(
      ['IAAS_ADMIN', 'OPERATION_MANAGER', 'OPERATION_TECHNICIAN', 'MAINTENANCE_MANAGER', 'MAINTENANCE_ENGINEER', 'BUILD_PROJECT_MANAGER'],
      'X',
    ),
    ...all(['CUSTOMER_OM_MANAGER', 'APP_PROJECT_MANAGER', 'SYSTEM_ADMIN'], 'X'),
  },
  'ops.health': { SYSTEM_ADMIN: 'RX', IAAS_ADMIN: 'R', AUDIT_ADMIN: 'R' },
  /** The object a file belongs to decides; these rows only say who may carry files at all. */
  'file.upload': all([...providerTeam, ...customer, 'PROVIDER_LEADER', ...bureau, 'SYSTEM_ADMIN', 'SECURITY_ADMIN'], 'C'),
  'file.read': all([...providerTeam, ...customer, 'PROVIDER_LEADER', ...bureau, 'THIRD_PARTY', ...threeAdmins], 'r'),
  'search.global': all([...providerTeam, ...customer, 'PROVIDER_LEADER', ...bureau, 'THIRD_PARTY'], 'r'),
  'notification.inbox': all(roleCodes, 'r'),
  'notification.template': { OPERATION_MANAGER: 'CRU', MAINTENANCE_MANAGER: 'RA', CUSTOMER_OM_MANAGER: 'R' },
  'notification.delivery': { OPERATION_MANAGER: 'RX', MAINTENANCE_MANAGER: 'R', SYSTEM_ADMIN: 'R', AUDIT_ADMIN: 'R' },
} as const satisfies Record<string, Row>

/** Edits need a second person: the holder of A who did not make the edit; a change of the plan is in force after the customer's A. */
const plan = {
  'plan.read': { ...all([...providerTeam, ...customer, 'PROVIDER_LEADER', 'THIRD_PARTY', ...bureau], 'R'), AUDIT_ADMIN: 'R' },
  'plan.edit': { OPERATION_MANAGER: 'CUA', MAINTENANCE_MANAGER: 'A', CUSTOMER_OM_MANAGER: 'A' },
  'plan.approve': { CUSTOMER_OM_MANAGER: 'A' },
  'rulePack.edit': { MAINTENANCE_MANAGER: 'CUA', OPERATION_MANAGER: 'A' },
  'calendar.read': { ...all([...providerTeam, ...customer, 'PROVIDER_LEADER', 'THIRD_PARTY', ...bureau, ...threeAdmins], 'R') },
  'calendar.edit': { OPERATION_MANAGER: 'CUA', MAINTENANCE_MANAGER: 'A' },
  'process.definition.read': businessRead,
  'process.definition.edit': { OPERATION_MANAGER: 'CUA', MAINTENANCE_MANAGER: 'A' },
  'process.instance.read': { ...businessRead },
  'process.instance.operate': { OPERATION_MANAGER: 'X', IAAS_ADMIN: 'X' },
  'process.instance.migrate': { OPERATION_MANAGER: 'CXA', MAINTENANCE_MANAGER: 'A' },
  'process.task': all([...providerTeam, ...customer, 'PROVIDER_LEADER', ...bureau, 'THIRD_PARTY'], 'X'),
  'process.task.assign': { OPERATION_MANAGER: 'X', MAINTENANCE_MANAGER: 'X', CUSTOMER_OM_MANAGER: 'X', APP_PROJECT_MANAGER: 'X' },
} as const satisfies Record<string, Row>

const inventory = {
  'iaas.parameter.manage': {
    IAAS_ADMIN: 'CRU',
    OPERATION_MANAGER: 'R',
    OPERATION_TECHNICIAN: 'R',
    MAINTENANCE_MANAGER: 'R',
    BUILD_PROJECT_MANAGER: 'R',
  },
  'iaas.template.manage': {
    IAAS_ADMIN: 'CRUA',
    OPERATION_MANAGER: 'R',
    OPERATION_TECHNICIAN: 'CR',
    MAINTENANCE_MANAGER: 'R',
    BUILD_PROJECT_MANAGER: 'R',
  },
  'iaas.hardwareTest': {
    IAAS_ADMIN: 'R',
    OPERATION_MANAGER: 'R',
    OPERATION_TECHNICIAN: 'RX',
    MAINTENANCE_MANAGER: 'R',
    BUILD_PROJECT_MANAGER: 'CR',
  },
  'cmdb.read': { ...businessRead, ...all(['THIRD_PARTY'], 'r'), PROVIDER_LEADER: 'R' },
  'cmdb.write': {
    IAAS_ADMIN: 'CUX',
    OPERATION_TECHNICIAN: 'CU',
    MAINTENANCE_MANAGER: 'CU',
    MAINTENANCE_ENGINEER: 'CU',
    BUILD_PROJECT_MANAGER: 'CU',
  },
  'cmdb.import': { IAAS_ADMIN: 'X', MAINTENANCE_MANAGER: 'X' },
  'cmdb.export': { ...all([...providerTeam, 'CUSTOMER_OM_MANAGER'], 'X'), APP_PROJECT_MANAGER: 'X' },
  /** Signing that the logs of a day were read. */
  /** Signing the monthly check that security policies are in force. */
  'policy.check': { MAINTENANCE_MANAGER: 'X', MAINTENANCE_ENGINEER: 'X' },
  'log.review': { MAINTENANCE_MANAGER: 'X', MAINTENANCE_ENGINEER: 'X', DUTY_OFFICER: 'X' },
  'monitor.read': { ...businessRead, ...all(['THIRD_PARTY'], 'r') },
  'application.read': { ...businessRead, THIRD_PARTY: 'r' },
  'application.write': { OPERATION_MANAGER: 'CU', APP_PROJECT_MANAGER: 'U' },
  'application.measurement': { OPERATION_MANAGER: 'CU', MAINTENANCE_MANAGER: 'CU', APP_PROJECT_MANAGER: 'A', CUSTOMER_OM_MANAGER: 'A' },
  'pool.read': { ...all([...providerTeam, ...customer], 'R') },
  'pool.manage': { IAAS_ADMIN: 'CU', BUILD_PROJECT_MANAGER: 'CU' },
  'cloud.read': {
    IAAS_ADMIN: 'R',
    OPERATION_MANAGER: 'R',
    OPERATION_TECHNICIAN: 'R',
    MAINTENANCE_MANAGER: 'R',
    MAINTENANCE_ENGINEER: 'R',
    BUILD_PROJECT_MANAGER: 'R',
  },
  'capacity.build': { BUILD_PROJECT_MANAGER: 'CU' },
  /** What becomes of a difference between cloud and records. */
  'drift.decide': { IAAS_ADMIN: 'A', MAINTENANCE_MANAGER: 'A' },
  /** Taking over what ran before us: proposed by who runs the cloud, confirmed by the bureau. */
  'inventory.adopt': {
    IAAS_ADMIN: 'CRU',
    OPERATION_MANAGER: 'CRU',
    MAINTENANCE_MANAGER: 'R',
    CUSTOMER_OM_MANAGER: 'R',
    APP_PROJECT_MANAGER: 'rA',
    TENANT_APPROVER: 'r',
  },
  'cloud.operate': { IAAS_ADMIN: 'X', OPERATION_TECHNICIAN: 'X' },
  'cloud.simulate': { IAAS_ADMIN: 'RUX' },
} as const satisfies Record<string, Row>

const mainJob = {
  'admission.read': { ...businessRead, THIRD_PARTY: 'r' },
  'admission.submit': { APP_PROJECT_MANAGER: 'CU', APP_ENGINEER: 'rU', TENANT_APPROVER: 'A' },
  'admission.withdraw': { APP_PROJECT_MANAGER: 'C' },
  'admission.review': {
    OPERATION_MANAGER: 'U',
    MAINTENANCE_MANAGER: 'U',
    BUILD_PROJECT_MANAGER: 'U',
    CUSTOMER_OM_MANAGER: 'A',
    CUSTOMER_LEADER: 'A',
    THIRD_PARTY: 'r',
    TENANT_ADMIN: 'r',
    TENANT_APPROVER: 'r',
  },
  'request.read': businessRead,
  'request.submit': { APP_PROJECT_MANAGER: 'CU', APP_ENGINEER: 'U', TENANT_APPROVER: 'A' },
  'request.withdraw': { APP_PROJECT_MANAGER: 'C' },
  'request.technicalReview': {
    IAAS_ADMIN: 'r',
    OPERATION_MANAGER: 'U',
    OPERATION_TECHNICIAN: 'U',
    MAINTENANCE_MANAGER: 'U',
    BUILD_PROJECT_MANAGER: 'U',
  },
  'request.approve': { CUSTOMER_OM_MANAGER: 'A', CUSTOMER_LEADER: 'A' },
  'request.export': {
    ...all(['OPERATION_MANAGER', 'MAINTENANCE_MANAGER', 'CUSTOMER_OM_MANAGER', 'CUSTOMER_LEADER'], 'X'),
    APP_PROJECT_MANAGER: 'X',
  },
  'provisioning.read': businessRead,
  'provisioning.execute': {
    IAAS_ADMIN: 'X',
    OPERATION_MANAGER: 'X',
    OPERATION_TECHNICIAN: 'X',
    MAINTENANCE_MANAGER: 'r',
    MAINTENANCE_ENGINEER: 'X',
  },
  'provisioning.accept': { APP_PROJECT_MANAGER: 'A', APP_ENGINEER: 'X', CUSTOMER_OM_MANAGER: 'r', TENANT_ADMIN: 'A' },
  'provisioning.ackShare': { MAINTENANCE_MANAGER: 'X' },
  'provisioning.pauseClock': { OPERATION_MANAGER: 'C', CUSTOMER_OM_MANAGER: 'A' },
  'credential.view': { APP_PROJECT_MANAGER: 'X' },
} as const satisfies Record<string, Row>

const laterWork = {
  'change.read': { ...businessRead, THIRD_PARTY: 'r' },
  /** Freezes and the catalogue of standard changes; another person decides. */
  'change.rules': { OPERATION_MANAGER: 'CA', MAINTENANCE_MANAGER: 'CA', CUSTOMER_OM_MANAGER: 'A' },
  'change.submit': {
    ...all(
      [
        'OPERATION_MANAGER',
        'MAINTENANCE_MANAGER',
        'MAINTENANCE_ENGINEER',
        'APP_PROJECT_MANAGER',
        'APP_ENGINEER',
        'BUILD_PROJECT_MANAGER',
        'TENANT_ADMIN',
      ],
      'C',
    ),
  },
  'change.approve': {
    ...all(
      ['OPERATION_MANAGER', 'MAINTENANCE_MANAGER', 'PROVIDER_LEADER', 'CUSTOMER_OM_MANAGER', 'APP_PROJECT_MANAGER', 'TENANT_ADMIN'],
      'A',
    ),
  },
  'reclaim.read': businessRead,
  'reclaim.initiate': {
    ...all(['OPERATION_MANAGER', 'MAINTENANCE_MANAGER', 'APP_PROJECT_MANAGER'], 'C'),
    ...all(['CUSTOMER_OM_MANAGER', 'TENANT_ADMIN', 'TENANT_APPROVER'], 'r'),
  },
  'reclaim.report.write': {
    OPERATION_MANAGER: 'A',
    OPERATION_TECHNICIAN: 'C',
    MAINTENANCE_MANAGER: 'U',
    MAINTENANCE_ENGINEER: 'C',
    ...all(['CUSTOMER_OM_MANAGER', 'TENANT_ADMIN', 'TENANT_APPROVER'], 'r'),
  },
  'reclaim.confirmRelease': { APP_PROJECT_MANAGER: 'A', CUSTOMER_OM_MANAGER: 'A', TENANT_ADMIN: 'A' },
  /** Security services of applications: ordered by bureaus, delivered by work orders of people. */
  'security.service.read': businessRead,
  'security.service.order': all(['APP_PROJECT_MANAGER', 'TENANT_ADMIN', 'OPERATION_MANAGER'], 'C'),
  'security.service.deliver': all(['OPERATION_MANAGER', 'OPERATION_TECHNICIAN', 'MAINTENANCE_MANAGER', 'MAINTENANCE_ENGINEER'], 'X'),
  'security.service.record': all(['OPERATION_MANAGER', 'MAINTENANCE_MANAGER'], 'C'),
  /** Patches of operating systems. */
  'patch.read': businessRead,
  'patch.manage': { MAINTENANCE_MANAGER: 'C' },
  'patch.execute': all(['MAINTENANCE_MANAGER', 'MAINTENANCE_ENGINEER', 'OPERATION_TECHNICIAN'], 'X'),
  /** What everything held weighs in a month. */
  'showback.read': businessRead,
  'migration.read': businessRead,
  'migration.apply': { APP_PROJECT_MANAGER: 'C', APP_ENGINEER: 'U', TENANT_APPROVER: 'A' },
  'migration.plan': {
    OPERATION_MANAGER: 'U',
    OPERATION_TECHNICIAN: 'X',
    MAINTENANCE_MANAGER: 'U',
    MAINTENANCE_ENGINEER: 'X',
    APP_PROJECT_MANAGER: 'C',
    APP_ENGINEER: 'U',
    BUILD_PROJECT_MANAGER: 'r',
    CUSTOMER_OM_MANAGER: 'A',
    TENANT_APPROVER: 'A',
  },
  'hotline.record': { OPERATION_MANAGER: 'R', MAINTENANCE_MANAGER: 'R', DUTY_OFFICER: 'CR', SERVICE_DESK: 'CR', CUSTOMER_OM_MANAGER: 'R' },
  'alert.ack': { MAINTENANCE_MANAGER: 'UX', MAINTENANCE_ENGINEER: 'X', DUTY_OFFICER: 'X', SERVICE_DESK: 'X' },
  'alert.silence': { MAINTENANCE_MANAGER: 'CUX', DUTY_OFFICER: 'C' },
  'incident.read': businessRead,
  'incident.report': all(
    [
      'OPERATION_MANAGER',
      'OPERATION_TECHNICIAN',
      'MAINTENANCE_MANAGER',
      'MAINTENANCE_ENGINEER',
      'BUILD_PROJECT_MANAGER',
      'DUTY_OFFICER',
      'SERVICE_DESK',
      'CUSTOMER_OM_MANAGER',
      ...bureau,
    ],
    'C',
  ),
  'incident.handle': {
    OPERATION_MANAGER: 'r',
    MAINTENANCE_MANAGER: 'U',
    ...all(['MAINTENANCE_ENGINEER', 'APP_PROJECT_MANAGER', 'APP_ENGINEER', 'DUTY_OFFICER', 'SERVICE_DESK'], 'X'),
    ...all(['CUSTOMER_OM_MANAGER', 'TENANT_ADMIN', 'TENANT_APPROVER'], 'r'),
  },
  'incident.severity.override': all(['MAINTENANCE_MANAGER', 'PROVIDER_LEADER', 'CUSTOMER_OM_MANAGER'], 'A'),
  'incident.close': {
    MAINTENANCE_MANAGER: 'U',
    ...all(['APP_PROJECT_MANAGER', 'CUSTOMER_OM_MANAGER', 'TENANT_ADMIN', 'TENANT_APPROVER'], 'A'),
  },
  'postmortem.write': {
    ...all(['OPERATION_MANAGER', 'APP_PROJECT_MANAGER', 'APP_ENGINEER'], 'r'),
    ...all(['MAINTENANCE_MANAGER', 'MAINTENANCE_ENGINEER'], 'C'),
  },
  'postmortem.approve': all(['MAINTENANCE_MANAGER', 'PROVIDER_LEADER', 'CUSTOMER_OM_MANAGER'], 'A'),
  'inspection.facility.execute': { MAINTENANCE_MANAGER: 'R', MAINTENANCE_ENGINEER: 'X', CUSTOMER_OM_MANAGER: 'R' },
  'inspection.point': { MAINTENANCE_MANAGER: 'C' },
  'inspection.platform.execute': { MAINTENANCE_MANAGER: 'X', CUSTOMER_OM_MANAGER: 'R' },
  'inspection.tenant.execute': {
    OPERATION_MANAGER: 'X',
    MAINTENANCE_MANAGER: 'R',
    CUSTOMER_OM_MANAGER: 'R',
    ...all(['APP_PROJECT_MANAGER', 'TENANT_ADMIN', 'TENANT_APPROVER'], 'r'),
  },
  'meeting.minutes': {
    OPERATION_MANAGER: 'C',
    ...all(['OPERATION_TECHNICIAN', 'CUSTOMER_LEADER'], 'r'),
    ...all(['MAINTENANCE_MANAGER', 'MAINTENANCE_ENGINEER', 'APP_PROJECT_MANAGER', 'BUILD_PROJECT_MANAGER'], 'U'),
    CUSTOMER_OM_MANAGER: 'UA',
  },
  'monthlyReport.draft': {
    OPERATION_MANAGER: 'C',
    ...all(['OPERATION_TECHNICIAN', 'MAINTENANCE_MANAGER', 'MAINTENANCE_ENGINEER', 'APP_PROJECT_MANAGER', 'BUILD_PROJECT_MANAGER'], 'U'),
    PROVIDER_LEADER: 'r',
  },
  'monthlyReport.internalApprove': all(['OPERATION_MANAGER', 'MAINTENANCE_MANAGER', 'APP_PROJECT_MANAGER', 'BUILD_PROJECT_MANAGER'], 'A'),
  'monthlyReport.receive': { CUSTOMER_OM_MANAGER: 'A', CUSTOMER_LEADER: 'A', THIRD_PARTY: 'r' },
  'quarterly.assess': {
    MAINTENANCE_MANAGER: 'CU',
    ...all(['MAINTENANCE_ENGINEER', 'BUILD_PROJECT_MANAGER'], 'U'),
    ...all(['OPERATION_MANAGER', 'PROVIDER_LEADER', 'CUSTOMER_LEADER'], 'r'),
    CUSTOMER_OM_MANAGER: 'A',
  },
  'training.manage': { OPERATION_MANAGER: 'C', APP_PROJECT_MANAGER: 'r', CUSTOMER_OM_MANAGER: 'r' },
  'training.attend': { OPERATION_TECHNICIAN: 'X', MAINTENANCE_MANAGER: 'X', TENANT_ADMIN: 'X' },
  'duty.roster.manage': {
    OPERATION_MANAGER: 'U',
    MAINTENANCE_MANAGER: 'U',
    ...all(['MAINTENANCE_ENGINEER', 'DUTY_OFFICER', 'SERVICE_DESK'], 'r'),
    CUSTOMER_OM_MANAGER: 'R',
  },
  'plannedDowntime.apply': {
    ...all(['OPERATION_MANAGER', 'MAINTENANCE_MANAGER', 'BUILD_PROJECT_MANAGER'], 'C'),
    ...all(['APP_PROJECT_MANAGER', 'THIRD_PARTY', 'TENANT_ADMIN', 'TENANT_APPROVER'], 'r'),
  },
  'plannedDowntime.approve': { CUSTOMER_OM_MANAGER: 'A' },
  'outage.attribute': {
    ...all(['OPERATION_MANAGER', 'MAINTENANCE_MANAGER'], 'C'),
    ...all(['APP_PROJECT_MANAGER', 'THIRD_PARTY'], 'r'),
    ...all(customer, 'A'),
  },
  'availability.confirm': {
    OPERATION_MANAGER: 'C',
    MAINTENANCE_MANAGER: 'R',
    ...all(['APP_PROJECT_MANAGER', 'PROVIDER_LEADER', 'TENANT_ADMIN', 'TENANT_APPROVER'], 'r'),
    ...all(['CUSTOMER_OM_MANAGER', 'THIRD_PARTY'], 'A'),
  },
  'compliance.board.view': {
    ...all(
      [
        'IAAS_ADMIN',
        'OPERATION_MANAGER',
        'OPERATION_TECHNICIAN',
        'MAINTENANCE_MANAGER',
        'BUILD_PROJECT_MANAGER',
        'PROVIDER_LEADER',
        ...customer,
      ],
      'R',
    ),
    ...all(['APP_PROJECT_MANAGER', 'THIRD_PARTY'], 'r'),
    AUDIT_ADMIN: 'R',
  },
  'compliance.freeze': { OPERATION_MANAGER: 'X' },
  'compliance.waive': { ...all(['OPERATION_MANAGER', 'MAINTENANCE_MANAGER'], 'C'), CUSTOMER_OM_MANAGER: 'A' },
  'document.template': { OPERATION_MANAGER: 'CRU', MAINTENANCE_MANAGER: 'RA', ...all([...customer], 'R') },
  'document.read': { ...all([...providerTeam, ...customer, 'PROVIDER_LEADER'], 'R'), ...all(bureau, 'r') },
  'document.write': { OPERATION_MANAGER: 'C' },
  'document.acknowledge': all(['TENANT_APPROVER', 'APP_PROJECT_MANAGER'], 'A'),
  'emergencyPlan.edit': { MAINTENANCE_MANAGER: 'CU', PROVIDER_LEADER: 'A' },
  'emergency.read': all([...providerTeam, ...customer, 'PROVIDER_LEADER'], 'R'),
  'emergency.activate': all(['MAINTENANCE_MANAGER', 'DUTY_OFFICER', 'PROVIDER_LEADER'], 'X'),
  'emergency.work': all([...providerTeam, 'PROVIDER_LEADER', 'CUSTOMER_OM_MANAGER'], 'X'),
  'problem.read': all([...providerTeam, ...customer, 'PROVIDER_LEADER'], 'R'),
  'problem.manage': {
    MAINTENANCE_MANAGER: 'CUA',
    MAINTENANCE_ENGINEER: 'CU',
    OPERATION_MANAGER: 'C',
    DUTY_OFFICER: 'C',
    SERVICE_DESK: 'C',
  },
  'knowledge.read': { ...all([...providerTeam, ...customer, 'PROVIDER_LEADER'], 'R'), ...all([...bureau, 'THIRD_PARTY'], 'r') },
  'serviceRequest.read': businessRead,
  'serviceRequest.submit': all(['OPERATION_MANAGER', 'SERVICE_DESK', 'DUTY_OFFICER', 'BUILD_PROJECT_MANAGER', ...bureau], 'C'),
  'serviceRequest.handle': {
    OPERATION_MANAGER: 'UX',
    ...all(['OPERATION_TECHNICIAN', 'SERVICE_DESK', 'MAINTENANCE_MANAGER', 'MAINTENANCE_ENGINEER', 'IAAS_ADMIN'], 'X'),
  },
  'serviceRequest.catalogue': { OPERATION_MANAGER: 'CU', MAINTENANCE_MANAGER: 'A' },
  'knowledge.edit': all(knowledgeRoles, 'CU'),
} as const satisfies Record<string, Row>

/** The permission matrix (section 2.2 of the domain), a row a capability. */
export const matrix = { ...iam, ...platform, ...plan, ...inventory, ...mainJob, ...laterWork }
