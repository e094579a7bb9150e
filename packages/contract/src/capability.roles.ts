// The roles of the service plan (section 2.1 of the domain).

/** Where a grant of the role reaches: everywhere, one bureau (or one application of it), or the platform itself (the three administrators). */
export type RoleScope = 'GLOBAL' | 'TENANT' | 'PLATFORM'
export type RoleGroup =
  | 'OPERATION'
  | 'MAINTENANCE'
  | 'APPLICATION'
  | 'CONSTRUCTION'
  | 'PROVIDER'
  | 'CUSTOMER'
  | 'EXTERNAL'
  | 'TENANT'
  | 'PLATFORM'

interface RoleInfo {
  short: string
  zh: string
  en: string
  group: RoleGroup
  scope: RoleScope
  /** The capability whose holder (verb C) may propose a grant of this role. */
  grantedUnder: 'iam.iaasRole.grant' | 'iam.pmRole.grant' | 'iam.otherRole.grant' | 'iam.customerRole.grant'
}

const roleInfo = {
  IAAS_ADMIN: {
    short: 'IA',
    zh: 'IaaS系统管理员',
    en: 'IaaS administrator',
    group: 'OPERATION',
    scope: 'GLOBAL',
    grantedUnder: 'iam.iaasRole.grant',
  },
  OPERATION_MANAGER: {
    short: 'OM',
    zh: '运营管理员',
    en: 'Operation manager',
    group: 'OPERATION',
    scope: 'GLOBAL',
    grantedUnder: 'iam.iaasRole.grant',
  },
  OPERATION_TECHNICIAN: {
    short: 'OT',
    zh: '运营技术员',
    en: 'Operation technician',
    group: 'OPERATION',
    scope: 'GLOBAL',
    grantedUnder: 'iam.iaasRole.grant',
  },
  MAINTENANCE_MANAGER: {
    short: 'MM',
    zh: '运维管理员',
    en: 'Maintenance manager',
    group: 'MAINTENANCE',
    scope: 'GLOBAL',
    grantedUnder: 'iam.iaasRole.grant',
  },
  MAINTENANCE_ENGINEER: {
    short: 'ME',
    zh: '运维专业技术员',
    en: 'Maintenance engineer',
    group: 'MAINTENANCE',
    scope: 'GLOBAL',
    grantedUnder: 'iam.iaasRole.grant',
  },
  APP_PROJECT_MANAGER: {
    short: 'PM',
    zh: '应用项目经理',
    en: 'Application project manager',
    group: 'APPLICATION',
    scope: 'TENANT',
    grantedUnder: 'iam.pmRole.grant',
  },
  APP_ENGINEER: {
    short: 'AE',
    zh: '应用维护/开发人员',
    en: 'Application engineer',
    group: 'APPLICATION',
    scope: 'TENANT',
    grantedUnder: 'iam.pmRole.grant',
  },
  BUILD_PROJECT_MANAGER: {
    short: 'BM',
    zh: '云平台建设项目经理',
    en: 'Cloud construction project manager',
    group: 'CONSTRUCTION',
    scope: 'GLOBAL',
    grantedUnder: 'iam.iaasRole.grant',
  },
  DUTY_OFFICER: {
    short: 'DO',
    zh: '7*24值班人员',
    en: 'Duty officer',
    group: 'MAINTENANCE',
    scope: 'GLOBAL',
    grantedUnder: 'iam.otherRole.grant',
  },
  SERVICE_DESK: {
    short: 'SD',
    zh: '热线坐席',
    en: 'Service desk agent',
    group: 'OPERATION',
    scope: 'GLOBAL',
    grantedUnder: 'iam.otherRole.grant',
  },
  PROVIDER_LEADER: {
    short: 'BL',
    zh: '乙方业务主管领导',
    en: 'Provider business leader',
    group: 'PROVIDER',
    scope: 'GLOBAL',
    grantedUnder: 'iam.otherRole.grant',
  },
  CUSTOMER_OM_MANAGER: {
    short: 'CM',
    zh: '省电子政务办运维经理',
    en: 'Customer O&M manager',
    group: 'CUSTOMER',
    scope: 'GLOBAL',
    grantedUnder: 'iam.customerRole.grant',
  },
  CUSTOMER_LEADER: {
    short: 'CL',
    zh: '省电子政务办领导',
    en: 'Customer leader',
    group: 'CUSTOMER',
    scope: 'GLOBAL',
    grantedUnder: 'iam.customerRole.grant',
  },
  THIRD_PARTY: { short: 'TP', zh: '第三方', en: 'Third party', group: 'EXTERNAL', scope: 'GLOBAL', grantedUnder: 'iam.otherRole.grant' },
  TENANT_ADMIN: {
    short: 'TA',
    zh: '委办局系统管理员',
    en: 'Bureau administrator',
    group: 'TENANT',
    scope: 'TENANT',
    grantedUnder: 'iam.pmRole.grant',
  },
  TENANT_APPROVER: {
    short: 'TL',
    zh: '委办局负责人',
    en: 'Bureau approver',
    group: 'TENANT',
    scope: 'TENANT',
    grantedUnder: 'iam.pmRole.grant',
  },
  SYSTEM_ADMIN: {
    short: 'SA',
    zh: '系统管理员',
    en: 'System administrator',
    group: 'PLATFORM',
    scope: 'PLATFORM',
    grantedUnder: 'iam.otherRole.grant',
  },
  SECURITY_ADMIN: {
    short: 'SE',
    zh: '安全管理员',
    en: 'Security administrator',
    group: 'PLATFORM',
    scope: 'PLATFORM',
    grantedUnder: 'iam.otherRole.grant',
  },
  AUDIT_ADMIN: {
    short: 'AU',
    zh: '审计管理员',
    en: 'Audit administrator',
    group: 'PLATFORM',
    scope: 'PLATFORM',
    grantedUnder: 'iam.otherRole.grant',
  },
} as const satisfies Record<string, RoleInfo>

export type Role = keyof typeof roleInfo
export const ROLES: Readonly<Record<Role, RoleInfo>> = roleInfo
export const roleCodes = Object.keys(roleInfo) as Role[]
export const isRole = (code: string): code is Role => Object.hasOwn(roleInfo, code)
