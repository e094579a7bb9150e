import { expect, test } from 'vitest'
import { judgeSetup, type SetupFacts } from './checklist.domain.ts'
import { matchColumns, roleNamed } from './sheet.domain.ts'

const two = 2
const well: SetupFacts = {
  holders: {
    SYSTEM_ADMIN: two,
    SECURITY_ADMIN: two,
    AUDIT_ADMIN: two,
    IAAS_ADMIN: two,
    OPERATION_MANAGER: two,
    OPERATION_TECHNICIAN: two,
    MAINTENANCE_MANAGER: two,
    MAINTENANCE_ENGINEER: two,
    DUTY_OFFICER: two,
    SERVICE_DESK: two,
    BUILD_PROJECT_MANAGER: two,
    PROVIDER_LEADER: 1,
    CUSTOMER_OM_MANAGER: two,
    CUSTOMER_LEADER: 1,
  },
  mixedAdministrators: [],
  directory: { lastOutcome: 'DONE', fresh: true, pending: 0, problem: null },
  withoutLocal: [],
  bureaus: 3,
  headlessBureaus: [],
  planVersion: 1,
  years: [{ year: 2026, published: true }],
  thisYear: 2026,
  nextYearDue: false,
  clouds: [{ name: '省云', driver: 'openstack', well: true, fresh: true, problems: [] }],
  channels: [
    { channel: 'EMAIL', lastState: 'DELIVERED' },
    { channel: 'SMS', lastState: 'SENT' },
  ],
  probes: { active: 3, heard: 3, needed: 2 },
  hasBackup: true,
  backupLate: false,
  drillPassed: true,
}
const read = { lastOutcome: 'DONE', fresh: true, pending: 0, problem: null } as const
const item = (facts: Partial<SetupFacts>, key: string) => judgeSetup({ ...well, ...facts }, 'zh-CN').find((one) => one.key === key)

test('an installation with everything is ready in every line', () =>
  expect(judgeSetup(well, 'zh-CN').filter(({ state, findings }) => state !== 'READY' || findings.length > 0)).toEqual([]))

test.each<[string, Partial<SetupFacts>, string, 'WEAK' | 'MISSING', RegExp]>([
  ['one person with two of the three posts', { mixedAdministrators: ['邓宇'] }, 'administrators', 'MISSING', /邓宇/],
  ['nobody audits', { holders: { ...well.holders, AUDIT_ADMIN: 0 } }, 'administrators', 'MISSING', /审计管理员：没有人/],
  ['one audits, nobody stands in', { holders: { ...well.holders, AUDIT_ADMIN: 1 } }, 'administrators', 'WEAK', /只有一人/],
  ['no bureau', { bureaus: 0 }, 'organisation', 'MISSING', /委办局/],
  ['a bureau without its two people', { headlessBureaus: ['省人社厅'] }, 'organisation', 'WEAK', /省人社厅/],
  ['nobody on duty', { holders: { ...well.holders, DUTY_OFFICER: 0 } }, 'roles', 'MISSING', /没有人/],
  ['no deputy', { holders: { ...well.holders, DUTY_OFFICER: 1 } }, 'roles', 'WEAK', /没有代理人/],
  ['a directory that was never read', { directory: { ...read, lastOutcome: null } }, 'directory', 'MISSING', /还没有同步/],
  [
    'a directory that fails',
    { directory: { ...read, lastOutcome: 'FAILED', problem: 'ECONNREFUSED' } },
    'directory',
    'MISSING',
    /ECONNREFUSED/,
  ],
  ['a directory read last week', { directory: { ...read, fresh: false } }, 'directory', 'MISSING', /两天/],
  ['people who wait', { directory: { ...read, pending: 3 } }, 'directory', 'WEAK', /3 人/],
  ['no local administrator', { withoutLocal: ['SYSTEM_ADMIN'] }, 'directory', 'MISSING', /本地账号/],
  ['no plan', { planVersion: null }, 'plan', 'MISSING', /方案/],
  ['this year is not published', { years: [{ year: 2026, published: false }] }, 'calendar', 'MISSING', /2026/],
  ['next year is due', { nextYearDue: true }, 'calendar', 'WEAK', /2027/],
  ['no cloud', { clouds: [] }, 'cloud', 'MISSING', /云连接/],
  [
    'the cloud refuses',
    { clouds: [{ name: '省云', driver: 'openstack', well: false, fresh: true, problems: ['认证失败'] }] },
    'cloud',
    'MISSING',
    /认证失败/,
  ],
  [
    'the last good look is old',
    { clouds: [{ name: '省云', driver: 'openstack', well: true, fresh: false, problems: [] }] },
    'cloud',
    'MISSING',
    /一天内/,
  ],
  [
    'only simulated',
    { clouds: [{ name: '模拟云', driver: 'simulator', well: true, fresh: true, problems: [] }] },
    'cloud',
    'WEAK',
    /模拟云/,
  ],
  ['no mail', { channels: [] }, 'mail', 'MISSING', /邮件/],
  ['mail fails', { channels: [{ channel: 'EMAIL', lastState: 'FAILED' }] }, 'mail', 'MISSING', /失败/],
  [
    'mail was never tried',
    {
      channels: [
        { channel: 'EMAIL', lastState: null },
        { channel: 'SMS', lastState: 'SENT' },
      ],
    },
    'mail',
    'WEAK',
    /试发/,
  ],
  ['no probe reports', { probes: { active: 2, heard: 0, needed: 2 } }, 'probes', 'MISSING', /都没有回报/],
  ['too few to agree', { probes: { active: 2, heard: 1, needed: 2 } }, 'probes', 'WEAK', /只有 1 个/],
  ['no backup', { hasBackup: false }, 'backup', 'MISSING', /还没有备份/],
  ['a late backup', { backupLate: true }, 'backup', 'MISSING', /逾期/],
  ['never rehearsed', { drillPassed: false }, 'backup', 'WEAK', /演练/],
])('%s', (_, facts, key, state, words) => {
  const found = item(facts, key)
  expect(found?.state).toBe(state)
  expect(found?.findings.join()).toMatch(words)
})

test('headings are known in both languages, by field, with a star; what is unknown or missing is named', () => {
  expect([...matchColumns('grant', ['用户名 *', 'Role', 'bureauCode']).at]).toEqual([
    ['signIn', 0],
    ['role', 1],
    ['bureauCode', 2],
  ])
  const { missing, unknown } = matchColumns('bureau', ['单位代码', '电话'])
  expect([missing.map(({ field }) => field), unknown]).toEqual([['name', 'shortName'], ['电话']])
})
test.each(['APP_PROJECT_MANAGER', 'pm', '应用项目经理', 'application project manager'])('a role by %s', (text) =>
  expect(roleNamed(text)).toBe('APP_PROJECT_MANAGER'),
)
