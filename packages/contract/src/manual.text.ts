import type { Role } from './capability.roles.ts'

/** The user manual as data: what each role does, step by step. Pictures are taken from the demonstration by `npm run manual`. */
interface Both {
  zh: string
  en: string
}
export interface ManualTask {
  /** Also the name of its picture: `<id>.<language>.png`. */
  id: string
  roles: readonly Role[]
  /** Where it is done; the picture shows this page. */
  path: string
  /** Who is signed in for the picture: a person of the demonstration. */
  signIn: string
  title: Both
  why: Both
  steps: readonly Both[]
}

const BUREAU = ['APP_PROJECT_MANAGER', 'APP_ENGINEER', 'TENANT_ADMIN', 'TENANT_APPROVER'] as const
const PROVIDER = [
  'IAAS_ADMIN',
  'OPERATION_MANAGER',
  'OPERATION_TECHNICIAN',
  'MAINTENANCE_MANAGER',
  'MAINTENANCE_ENGINEER',
  'BUILD_PROJECT_MANAGER',
  'DUTY_OFFICER',
  'SERVICE_DESK',
] as const
const CUSTOMER = ['CUSTOMER_OM_MANAGER', 'CUSTOMER_LEADER'] as const
const PLATFORM = ['SYSTEM_ADMIN', 'SECURITY_ADMIN', 'AUDIT_ADMIN'] as const

export const manualTasks: readonly ManualTask[] = [
  {
    id: 'home',
    roles: [...PROVIDER, ...BUREAU, ...CUSTOMER],
    path: '/',
    signIn: 'zhoumin',
    title: { zh: '看今天该办什么', en: 'See what is due today' },
    why: {
      zh: '工作台把你的待办按紧急程度排好，每一条都写明到什么时候、依据哪一条。',
      en: 'Home lists your tasks by urgency; each says by when and under which clause.',
    },
    steps: [
      { zh: '登录后先看标题：它说今天还有几件事必须办结。', en: 'Read the title first: it says how many things are due today.' },
      { zh: '第一件已经选中，按 Enter 打开；J、K 上下移动。', en: 'The first is selected: Enter opens it; J and K move.' },
      { zh: '办完自动到下一件；“等别人办”在下面。', en: 'After one is done the next opens; what others owe stands below.' },
    ],
  },
  {
    id: 'admission',
    roles: ['APP_PROJECT_MANAGER', 'APP_ENGINEER', 'TENANT_APPROVER'],
    path: '/work/admissions',
    signIn: 'yangfan',
    title: { zh: '申请应用准入', en: 'Apply for the admission of an application' },
    why: { zh: '先准入，后申请资源；一个系统一个准入号。', en: 'Admission comes before a request; one number for each system.' },
    steps: [
      { zh: '点“新建准入申请”，选新建、扩容或存量迁移。', en: 'Begin a new admission: new, expansion or migration.' },
      {
        zh: '逐节填写《系统能力目录》；右侧列出还缺什么，点它就到那一处。',
        en: 'Fill in the capability catalogue; what is missing is listed on the right, each a link.',
      },
      {
        zh: '传公函、依据和等保材料，提交；本单位负责人确认后进入审查。',
        en: 'Upload the official letter and evidence and hand it in; the head of your bureau confirms it.',
      },
      { zh: '退回时逐条写明原因，10 个工作日内补正。', en: 'A return gives reasons point by point; complete it within 10 working days.' },
    ],
  },
  {
    id: 'request',
    roles: ['APP_PROJECT_MANAGER', 'APP_ENGINEER', 'TENANT_APPROVER'],
    path: '/work/requests',
    signIn: 'yangfan',
    title: { zh: '申请云资源', en: 'Request resources' },
    why: {
      zh: '批准后两个工作日内交付虚拟机，七个工作日内交付物理机。',
      en: 'Virtual machines come in two working days of approval, physical ones in seven.',
    },
    steps: [
      { zh: '选有效的准入号，填能力目录和开通申请表。', en: 'Choose a valid admission; fill in catalogue and request form.' },
      {
        zh: '填明细时右侧合计随之变化；超过阈值会提示须领导加批。',
        en: 'Totals on the right follow what you type; above the limits a leader also approves.',
      },
      { zh: '提交后在“时限”里看每一步到哪天、为什么。', en: 'After handing in, the deadline shows each day and its reason.' },
      { zh: '首个审核人处理前可以撤回。', en: 'Until the first reviewer acts you can withdraw it.' },
    ],
  },
  {
    id: 'accept',
    roles: ['APP_PROJECT_MANAGER', 'TENANT_ADMIN'],
    path: '/work/orders',
    signIn: 'yangfan',
    title: { zh: '领取账号并验收', en: 'Collect credentials and accept a delivery' },
    why: { zh: '账号只显示一次；三个工作日内验收。', en: 'Credentials are shown once; acceptance takes three working days.' },
    steps: [
      {
        zh: '收到到位通知后打开工单，点“领取账号”，当场保存。',
        en: 'Open the work order from the notice, collect the credentials and keep them.',
      },
      { zh: '按申请表逐项核对配置；有差异写明，退回整改。', en: 'Compare with the form line by line; name what differs and return it.' },
      { zh: '无误则签收；试运行 30 日后转正式。', en: 'Accept it when it is right; trial operation lasts 30 days.' },
    ],
  },
  {
    id: 'change',
    roles: ['APP_PROJECT_MANAGER', 'TENANT_ADMIN', 'OPERATION_MANAGER', 'MAINTENANCE_MANAGER'],
    path: '/work/changes',
    signIn: 'yangfan',
    title: { zh: '申请变更', en: 'Ask for a change' },
    why: { zh: '没有变更单的改动会被对账发现。', en: 'Reconciliation finds what was changed without a ticket.' },
    steps: [
      {
        zh: '选要改的资源；现值由台账带出，填目标值。',
        en: 'Choose the resource; present values come from the inventory, you give the target.',
      },
      { zh: '写明原因、影响、窗口、实施与回退步骤。', en: 'Give reason, effect, window, steps and roll-back.' },
      {
        zh: '需要停机时提前三个工作日通知并由甲方认定，否则计入中断。',
        en: 'Downtime is announced three working days ahead and approved by the customer, or it counts as an outage.',
      },
      { zh: '实施后验证；失败自动回退，资源恢复原样。', en: 'Verify afterwards; a failure is rolled back.' },
    ],
  },
  {
    id: 'fault',
    roles: [...BUREAU, ...PROVIDER, 'CUSTOMER_OM_MANAGER'],
    path: '/duty/incidents/new',
    signIn: 'yangfan',
    title: { zh: '报障', en: 'Report a fault' },
    why: {
      zh: '从报障起计时：10 分钟响应，30 分钟给出方案。',
      en: 'The clock starts with the report: response in 10 minutes, a plan in 30.',
    },
    steps: [
      { zh: '按现象勾选判据，级别随之建议；写清谁受影响。', en: 'Tick what you see, the level is suggested; say who is affected.' },
      {
        zh: '紧急时先打服务热线，再补单；计时从较早者算。',
        en: 'In an emergency call the hotline first; the clock takes the earlier of the two.',
      },
      { zh: '在故障页看进展，恢复后由你确认业务正常。', en: 'Follow it on its page; after recovery you confirm that the service works.' },
    ],
  },
  {
    id: 'incident',
    roles: ['DUTY_OFFICER', 'MAINTENANCE_MANAGER', 'MAINTENANCE_ENGINEER', 'SERVICE_DESK', 'PROVIDER_LEADER'],
    path: '/duty/incidents',
    signIn: 'zhaolixin',
    title: { zh: '处理故障', en: 'Handle an incident' },
    why: {
      zh: '响应是人工接单并与报障人联系上，自动回执不算。',
      en: 'Response means a person took it and reached the reporter; an automatic receipt does not count.',
    },
    steps: [
      {
        zh: '接单并记录怎样联系上报障人；定级，I、II 级立即通知领导。',
        en: 'Take it and say how you reached the reporter; set the level, tell the leader at once for I and II.',
      },
      { zh: '30 分钟内提交方案；处置过程逐条写进日志。', en: 'Hand in a plan within 30 minutes; write every step into the log.' },
      {
        zh: '恢复后请报障人确认；I、II 级五个工作日内完成故障分析。',
        en: 'Have recovery confirmed; levels I and II are analysed within five working days.',
      },
    ],
  },
  {
    id: 'rounds',
    roles: ['MAINTENANCE_ENGINEER', 'MAINTENANCE_MANAGER', 'OPERATION_MANAGER'],
    path: '/duty/rounds',
    signIn: 'majun',
    title: { zh: '巡检', en: 'Walk a round' },
    why: {
      zh: '机房每天三次，平台每天一次，租户业务每天两次。',
      en: 'Machine rooms three times a day, the platform once, bureaus’ services twice.',
    },
    steps: [
      { zh: '点“开始巡检”，扫机房门口的二维码签到。', en: 'Begin, and scan the code at the door.' },
      {
        zh: '逐项看；超出范围按异常记，拍照并写说明。',
        en: 'Look at each item; outside its range it is abnormal: take a photo and explain.',
      },
      {
        zh: '机房没有网络照常做，内容和照片存在手机，出来自动补传。',
        en: 'Without a network go on: answers and photos stay on the phone and are sent later.',
      },
      {
        zh: '平台和租户业务可“按监测预填”，逐项看过再确认。',
        en: 'Platform and service rounds can be filled in from monitoring; look at each and confirm.',
      },
    ],
  },
  {
    id: 'order',
    roles: ['OPERATION_MANAGER', 'OPERATION_TECHNICIAN', 'IAAS_ADMIN'],
    path: '/work/orders',
    signIn: 'zhoumin',
    title: { zh: '办理工单', en: 'Carry out a work order' },
    why: { zh: '派达即接到，时限从那一刻起，当天不计。', en: 'The limit runs from dispatch; that day does not count.' },
    steps: [
      { zh: '核单：与批准内容一致再开通；不一致退回。', en: 'Check it against what was approved; return what differs.' },
      { zh: '开通由平台执行，失败自动回滚，可重试。', en: 'The platform carries it out; a failure is undone and can be tried again.' },
      { zh: '自检后通知应用方并共享给运维。', en: 'Check yourself, then tell the bureau and share with maintenance.' },
    ],
  },
  {
    id: 'reclaim',
    roles: ['OPERATION_MANAGER', 'OPERATION_TECHNICIAN', 'APP_PROJECT_MANAGER', 'TENANT_ADMIN'],
    path: '/work/reclaim',
    signIn: 'zhoumin',
    title: { zh: '回收闲置资源', en: 'Reclaim what is idle' },
    why: { zh: '应用方不确认就不释放；不回复不视为同意。', en: 'Nothing is released without the bureau’s word; silence is no consent.' },
    steps: [
      { zh: '看候选和峰值依据，写性能分析报告。', en: 'Look at candidates and their peaks; write the report.' },
      {
        zh: '发应用方核实，10 个工作日内答复；有异议由甲方裁定。',
        en: 'The bureau answers within 10 working days; the customer settles a dispute.',
      },
      { zh: '备份、冷静期之后才释放，快照再留 30 天。', en: 'Backup and a cooling-off come before release; a snapshot stays 30 days.' },
    ],
  },
  {
    id: 'register',
    roles: ['OPERATION_MANAGER', ...CUSTOMER],
    path: '/records/register',
    signIn: 'zhoumin',
    title: { zh: '运营台账', en: 'The operations register' },
    why: { zh: '每周签阅看板，每季一篇指导，协调事项按期关闭。', en: 'Sign the board weekly, guide quarterly, close matters in time.' },
    steps: [
      { zh: '看本周数字，点“签阅”；过了周再签按迟算。', en: 'Look at the week and sign; after the week it is late.' },
      { zh: '登记与相关方的协调事项：谁负责、哪天前。', en: 'Add matters with other parties: who owns them, by which day.' },
    ],
  },
  {
    id: 'report',
    roles: [
      'OPERATION_MANAGER',
      'MAINTENANCE_MANAGER',
      'MAINTENANCE_ENGINEER',
      'APP_PROJECT_MANAGER',
      'BUILD_PROJECT_MANAGER',
      ...CUSTOMER,
    ],
    path: '/proof/reports',
    signIn: 'zhoumin',
    title: { zh: '编写和听取月报', en: 'Write and hear the monthly report' },
    why: {
      zh: '5 日前编写，8 日前四组内审，10 日汇报。',
      en: 'Written by the 5th, approved by four groups by the 8th, presented on the 10th.',
    },
    steps: [
      { zh: '数字自动取得，五方各写评述并签名。', en: 'Figures come by themselves; five parties comment and sign.' },
      { zh: '四组签过即封存；以后发现差错走勘误，两个值都保留。', en: 'The fourth signature freezes it; an erratum keeps both values.' },
      { zh: '导出 Word 或 PDF，用本单位模板。', en: 'Print Word or PDF on the office’s template.' },
    ],
  },
  {
    id: 'board',
    roles: [...CUSTOMER, 'THIRD_PARTY', 'OPERATION_MANAGER', 'MAINTENANCE_MANAGER', 'PROVIDER_LEADER'],
    path: '/proof/board',
    signIn: 'hanxuefeng',
    title: { zh: '看方案履行得怎样', en: 'Is the plan kept?' },
    why: { zh: '每一条都由记录算出，任何人可以复算。', en: 'Each clause is computed from records; anybody can compute it again.' },
    steps: [
      { zh: '先看未履约和无数据的条款；点开看逐项凭据。', en: 'Look at what was not kept or has no data; open it for the evidence.' },
      {
        zh: '“履约报告”打印存档；“导出证据”交给第三方复算。',
        en: 'Print the report for the file; export the evidence for a third party to verify.',
      },
    ],
  },
  {
    id: 'availability',
    roles: [...CUSTOMER, 'THIRD_PARTY', 'APP_PROJECT_MANAGER'],
    path: '/proof/availability',
    signIn: 'hanxuefeng',
    title: { zh: '看可用性并确认', en: 'Availability, and confirming it' },
    why: { zh: '每个应用全年失效不超过 525.6 分钟。', en: 'No application may be down for more than 525.6 minutes a year.' },
    steps: [
      { zh: '看每个应用已用掉多少预算；未认定的先计入。', en: 'See how much of the budget each has used; what is undecided counts.' },
      { zh: '每月由甲方和第三方确认；有异议写明。', en: 'Customer and third party confirm each month, or object with reasons.' },
    ],
  },
  {
    id: 'plan',
    roles: ['OPERATION_MANAGER', 'MAINTENANCE_MANAGER', 'CUSTOMER_OM_MANAGER'],
    path: '/plan/overview',
    signIn: 'zhoumin',
    title: { zh: '改参数、采用新方案', en: 'Change a parameter, adopt a new plan' },
    why: { zh: '承诺的改动须三人，方案新版本须两人，且不追溯。', en: 'A parameter takes three people, a new plan two; never backwards.' },
    steps: [
      {
        zh: '在参数页提出新值、生效日和理由；另一人复核，甲方批准。',
        en: 'Propose value, first day and reason; a second person reviews, the customer approves.',
      },
      {
        zh: '升级带来不同的方案时，逐项看差异，再采用或写明理由不采用。',
        en: 'Where an upgrade brings another plan, read its differences, then adopt or decline it.',
      },
    ],
  },
  {
    id: 'capacity',
    roles: ['BUILD_PROJECT_MANAGER', 'OPERATION_MANAGER'],
    path: '/cloud/capacity',
    signIn: 'sunhao',
    title: { zh: '看容量、排扩容', en: 'Capacity and expansion' },
    why: {
      zh: '每季一份容量计划，容量不足的申请在这里排队。',
      en: 'A capacity plan each quarter; requests that wait for capacity queue here.',
    },
    steps: [
      { zh: '看各资源池的余量和按现在速度用完的日子。', en: 'See what each pool has left and when it runs out at this pace.' },
      { zh: '建扩容项目，到货验收后容量计入资源池。', en: 'Begin an expansion; accepted hardware joins the pool.' },
    ],
  },
  {
    id: 'training',
    roles: ['TENANT_ADMIN', 'OPERATION_MANAGER', 'MAINTENANCE_MANAGER', 'OPERATION_TECHNICIAN'],
    path: '/records/trainings',
    signIn: 'zhoumin',
    title: { zh: '培训、签到与考核', en: 'Training, sign-in and test' },
    why: { zh: '每年四期，系统管理员每年考核合格。', en: 'Four sessions a year; each administrator passes once a year.' },
    steps: [
      { zh: '收到邀请先答复参加与否；到场扫码签到。', en: 'Answer the invitation; sign in by the code in the room.' },
      { zh: '考核 60 分合格，证书可下载；不合格可以再考。', en: 'Pass with 60; download the certificate; one may try again.' },
    ],
  },
  {
    id: 'accounts',
    roles: [...PLATFORM, 'IAAS_ADMIN'],
    path: '/settings/grants',
    signIn: 'shenlan',
    title: { zh: '授权与复核', en: 'Grants and their review' },
    why: { zh: '提出与批准不是同一人，三员互斥。', en: 'Who proposes does not approve; the three administrators exclude one another.' },
    steps: [
      {
        zh: '提出授权，写明范围和依据；安全管理员批准后生效。',
        en: 'Propose a grant with scope and reason; the security administrator approves.',
      },
      { zh: '每季复核一遍，离岗的先移交再停用。', en: 'Review each quarter; hand over before an account is closed.' },
    ],
  },
]

export const manualOf = (role: Role): ManualTask[] => manualTasks.filter(({ roles }) => roles.includes(role))
