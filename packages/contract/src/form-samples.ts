import type { DraftContent, FormKind } from './forms.ts'

/** Stands in the text of a sample, so that nobody takes it for a real paper: the page shows a notice as long as it is there. */
export const SAMPLE_MARK = '（示例）'

/** What a sample needs to know of the installation and the day. */
export interface SampleFacts {
  /** e.g. `2026-11-23`. */
  today: string
  /** The catalogue of an expansion asks section 5 instead of 4. */
  expansion: boolean
  /** A few characters that make the sample's application code its own, e.g. `3f7a`: two samples must not claim one code. */
  token: string
  /** Ids of what the inventory offers, by field name: `imageId`, `az`, `backupPolicyId`. */
  offered: Readonly<Record<string, string | undefined>>
}

const yearOf = (day: string): number => Number(day.slice(0, 4))

const admission = ({ today, token }: SampleFacts): DraftContent => ({
  appName: `林草防火监测预警系统${SAMPLE_MARK}`,
  appCode: `SAMPLE-${token.toUpperCase()}`,
  contactName: '示例联系人',
  contactPhone: '13800000000',
  goLiveOn: `${yearOf(today) + 1}-06-30`,
  basisDocNo: `示例〔${yearOf(today)}〕1 号${SAMPLE_MARK}`,
  funding: '省级财政',
  nonClassifiedDeclared: true,
  classified: false,
  mlpsLevel: 3,
  mlpsFilingNo: '22010000000-00001',
})

/** Section 4 of a new system. 200 transactions a second, 120 a node at 60 %: three nodes and one to spare. */
const load = (year: number): DraftContent => ({
  capacity: { registeredUsers: 5200, onlineUsers: 600, concurrentUsers: 120, tps: 200, peakFactor: 2 },
  appServerEstimate: { method: '压测报告第 3 章', perNodeTps: 120, targetCpuPct: 60, spareNodes: 1, nodes: 4 },
  storageExpansionPlan: [
    { year, addGiB: 100, basis: '存量影像' },
    { year: year + 1, addGiB: 200, basis: '监控点增加' },
    { year: year + 2, addGiB: 200, basis: '新增两市接入' },
  ],
  dbEstimate: { qps: 400, connections: 120, dataGrowthGiBPerYear: 60 },
  logEstimate: { dailyGiB: 2, retentionDays: 180, redundancyPct: 20 },
})

/** Section 5 of an expansion. */
const growth = (year: number): DraftContent => ({
  year,
  currentVolume: { tps: 200, onlineUsers: 600, dataGiB: 300, cpuPeakPct: 72, memPeakPct: 68, storageUsedPct: 81 },
  forecastVolume: { tps: 400, onlineUsers: 1200, dataGiB: 600, cpuPeakPct: 60, memPeakPct: 60, storageUsedPct: 60, growthRatePct: 100 },
  expansionEstimate: [{ resourceType: 'VCPU', current: 12, delta: 12, target: 24, basis: '业务量翻番' }],
})

const catalog = ({ today, expansion }: SampleFacts): DraftContent => ({
  title: `《林草防火监测预警系统》系统能力目录${SAMPLE_MARK}`,
  preparedBy: '示例联系人',
  preparedOn: today,
  intro: `${SAMPLE_MARK}面向全省林草系统的防火监测预警平台，汇聚卫星热点、视频监控与气象数据，完成火情识别、研判、预警发布与处置跟踪，服务省市县三级防火指挥机构。`,
  architecture: '前后端分离，接入层、应用层、数据层三层部署，消息队列解耦，数据库主备。',
  audience: 'GOV_INTERNAL',
  totalUsers: 5200,
  mlpsLevel: 3,
  mlpsFilingNo: '22010000000-00001',
  classified: false,
  rtoMinutes: 60,
  rpoMinutes: 15,
  peakPeriods: [{ from: `${yearOf(today)}-09-15`, to: `${yearOf(today)}-11-15`, note: '秋季防火期' }],
  exposedApis: [{ name: '热点查询', protocol: 'HTTPS', consumer: '省应急厅', qps: 20, security: '令牌与白名单' }],
  exposedPages: [{ url: 'https://fire.example.cn', domain: 'fire.example.cn', audience: 'GOV_INTERNAL' }],
  consumedPlatform: [{ platform: '省统一身份认证', capability: '单点登录', protocol: 'OIDC', frequency: '每次登录', direction: 'OUT' }],
  consumedThirdParty: [],
  noneDeclared: ['consumedThirdParty'],
  devices: [
    { name: 'app', role: '应用', type: 'vm', vcpu: 2, memGiB: 4, diskGiB: 80, os: '麒麟 V10 SP3', count: 4 },
    { name: 'db', role: '数据库', type: 'vm', vcpu: 4, memGiB: 8, diskGiB: 200, os: '麒麟 V10 SP3', count: 1 },
  ],
  components: [{ name: '预警服务', version: '2.1', middleware: 'TongWeb 7', port: 8080 }],
  networks: [{ zone: 'GOV_EXTRANET', cidrNeed: '一个 C 类', bandwidthMbps: 50, ports: '443' }],
  databases: [{ engine: '达梦', version: '8', sizeGiB: 150, ha: 'PRIMARY_STANDBY', dataClass: 'INTERNAL' }],
  storages: [
    { kind: 'file', capacityGiB: 500, growthGiBPerMonth: 10 },
    { kind: 'backup', capacityGiB: 1000, growthGiBPerMonth: 20 },
  ],
  ...(expansion ? growth(yearOf(today)) : load(yearOf(today))),
  summary: '所需虚拟机 5 台、文件存储 500 GiB、备份 1,000 GiB。',
})

/** Asks for exactly what the sample catalogue sums up. */
const provision = ({ today, offered }: SampleFacts): DraftContent => {
  const { imageId, az, backupPolicyId } = offered
  const machine = { imageId, az }
  return {
    contactName: '示例联系人',
    phone: '13800000000',
    usageUntilOn: `${yearOf(today) + 3}-12-31`,
    env: 'PROD',
    basisNote: `示例〔${yearOf(today)}〕1 号${SAMPLE_MARK}`,
    vmItems: [
      {
        ...machine,
        hostName: 'fw-app',
        purpose: '应用节点',
        vcpu: 2,
        memGiB: 4,
        rootGiB: 40,
        dataDisks: [{ gib: 40, type: 'SSD' }],
        antiAffinity: 'app',
        count: 4,
      },
      {
        ...machine,
        hostName: 'fw-db',
        purpose: '数据库',
        vcpu: 4,
        memGiB: 8,
        rootGiB: 40,
        dataDisks: [{ gib: 160, type: 'SSD' }],
        antiAffinity: 'db',
        count: 1,
      },
    ],
    bmItems: [],
    storageItems: [
      { kind: 'file', purpose: '影像', gib: 500, tier: 'STANDARD', protocol: 'NFS', backupPolicyId },
      { kind: 'backup', purpose: '备份', gib: 1000, tier: 'ARCHIVE', backupPolicyId },
    ],
    netItems: [
      {
        zone: 'GOV_EXTRANET',
        cidr: '10.12.3.0/24',
        rules: [{ src: '10.0.0.0/8', dst: '10.12.3.0/24', proto: 'TCP', port: '443', purpose: '业务访问' }],
      },
    ],
    secItems: ['WAF', 'HOST_PROTECTION', 'BASTION', 'LOG_AUDIT', 'VULN_SCAN'].map((service) => ({ service })),
  }
}

const samples: Record<FormKind, (facts: SampleFacts) => DraftContent> = {
  ADMISSION: admission,
  CATALOG: catalog,
  PROVISION_FORM: provision,
}

/** A complete, plausible form for whoever wants to see what is asked, marked as a sample. */
export const sampleOf = (kind: FormKind, facts: SampleFacts): DraftContent => samples[kind](facts)

/** Does a form still hold what a sample brought? */
export const isSample = (content: DraftContent): boolean =>
  Object.values(content).some((value) => typeof value === 'string' && value.includes(SAMPLE_MARK))
