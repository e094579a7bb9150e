import { z } from 'zod'
import { StorageKind, storageKindNames, Zone } from './catalog.ts'
import { day } from './endpoint.ts'
import { count, type FileField, type FormSection, field, hint, list, longText, shortText } from './forms.ts'
import { zoneNames } from './zones.names.ts'

// 《吉林省政务云资源开通申请表》 (section 4.2 of the domain): the strict shape of the finished form; a draft may hold anything under these names.

export const Environment = z.enum(['PROD', 'TEST', 'DEV', 'DR'])
export const DiskType = z.enum(['SSD', 'SAS', 'SATA'])
export const Protocol = z.enum(['TCP', 'UDP', 'ICMP', 'ANY'])
export const SecurityService = z.enum(['WAF', 'HOST_PROTECTION', 'BASTION', 'LOG_AUDIT', 'VULN_SCAN'])
export type SecurityService = z.infer<typeof SecurityService>
export const environmentNames = {
  PROD: hint('生产', 'Production'),
  TEST: hint('测试', 'Test'),
  DEV: hint('开发', 'Development'),
  DR: hint('灾备', 'Disaster recovery'),
}
export const securityServiceNames: Record<SecurityService, { zh: string; en: string }> = {
  WAF: hint('Web 应用防火墙', 'Web application firewall'),
  HOST_PROTECTION: hint('主机防护', 'Host protection'),
  BASTION: hint('堡垒机', 'Bastion'),
  LOG_AUDIT: hint('日志审计', 'Log audit'),
  VULN_SCAN: hint('漏洞扫描', 'Vulnerability scan'),
}

export const DataDisk = z.object({
  gib: field(count(10, 32_768), { zh: '容量', en: 'Size', unit: 'GiB', hint: hint('10 至 32,768 GiB', '10 to 32,768 GiB') }),
  type: field(DiskType, { zh: '类型', en: 'Type' }),
})
export const VmItem = z.object({
  hostName: field(z.string().regex(/^[a-z][a-z0-9-]{2,40}$/), {
    zh: '名称',
    en: 'Host name',
    hint: hint('小写字母开头，3 至 41 位小写字母、数字、短横', 'A lower-case letter, then lower-case letters, digits, hyphens; 3 to 41'),
  }),
  purpose: field(shortText(), { zh: '用途', en: 'Purpose' }),
  flavorId: field(z.string().max(100).optional(), {
    zh: '规格',
    en: 'Flavour',
    hint: hint('选目录内规格，或写 vCPU 与内存', 'A flavour of the catalogue, or vCPU and memory'),
  }),
  vcpu: field(count(1, 64).optional(), { zh: 'vCPU', en: 'vCPU', unit: '核', hint: hint('1 至 64', '1 to 64') }),
  memGiB: field(count(1, 512).optional(), { zh: '内存', en: 'Memory', unit: 'GiB', hint: hint('1 至 512', '1 to 512') }),
  imageId: field(z.string().min(1).max(100), { zh: '镜像', en: 'Image' }),
  rootGiB: field(count(40, 500), { zh: '系统盘', en: 'Root disk', unit: 'GiB', hint: hint('40 至 500 GiB', '40 to 500 GiB') }),
  dataDisks: field(z.array(DataDisk).max(24).optional(), { zh: '数据盘', en: 'Data disks' }),
  az: field(shortText(), { zh: '可用区', en: 'Zone of availability' }),
  antiAffinity: field(shortText(0).optional(), { zh: '反亲和组', en: 'Anti-affinity group' }),
  count: field(count(1, 50), { zh: '数量', en: 'Count', unit: '台', hint: hint('1 至 50', '1 to 50') }),
})
export type VmItem = z.infer<typeof VmItem>
export const BmItem = z.object({
  modelId: field(z.string().min(1).max(100), {
    zh: '机型',
    en: 'Model',
    hint: hint('须已通过新机型可用性测试', 'The model must have passed the acceptance test'),
  }),
  purpose: field(shortText(), { zh: '用途', en: 'Purpose' }),
  cpu: field(shortText(0).optional(), { zh: 'CPU', en: 'CPU' }),
  memGiB: field(count(1, 65_536).optional(), { zh: '内存', en: 'Memory', unit: 'GiB' }),
  disks: field(shortText(0).optional(), { zh: '硬盘', en: 'Disks' }),
  nics: field(shortText(0).optional(), { zh: '网卡', en: 'Network cards' }),
  gpu: field(shortText(0).optional(), { zh: 'GPU', en: 'GPU' }),
  raid: field(z.enum(['RAID0', 'RAID1', 'RAID5', 'RAID6', 'RAID10', 'JBOD']), { zh: 'RAID', en: 'RAID' }),
  os: field(shortText(), { zh: '操作系统', en: 'Operating system' }),
  count: field(count(1, 50), { zh: '数量', en: 'Count', unit: '台' }),
  justification: field(longText(), {
    zh: '理由',
    en: 'Why not virtual',
    long: true,
    hint: hint('说明为何不能用虚拟机', 'Say why a virtual machine will not do'),
  }),
})
export type BmItem = z.infer<typeof BmItem>
export const StorageItem = z.object({
  kind: field(StorageKind, { zh: '类型', en: 'Kind', choices: storageKindNames }),
  purpose: field(shortText(), { zh: '用途', en: 'Purpose' }),
  gib: field(count(1, 10_000_000), { zh: '容量', en: 'Capacity', unit: 'GiB' }),
  tier: field(z.enum(['HIGH', 'STANDARD', 'ARCHIVE']), {
    zh: '性能档',
    en: 'Tier',
    choices: { HIGH: hint('高性能', 'High'), STANDARD: hint('标准', 'Standard'), ARCHIVE: hint('归档', 'Archive') },
  }),
  protocol: field(z.enum(['NFS', 'CIFS', 'S3']).optional(), {
    zh: '共享协议',
    en: 'Protocol',
    hint: hint('文件存储选 NFS 或 CIFS，对象存储选 S3', 'NFS or CIFS for files, S3 for objects'),
  }),
  attachTo: field(shortText(0).optional(), {
    zh: '挂载到',
    en: 'Attached to',
    hint: hint('虚拟机行的名称', 'Host name of a virtual machine line'),
  }),
  backupPolicyId: field(z.string().min(1).max(100), { zh: '备份策略', en: 'Backup policy' }),
})
export type StorageItem = z.infer<typeof StorageItem>
export const PortRule = z.object({
  src: field(shortText(), {
    zh: '源',
    en: 'Source',
    hint: hint('网段，如 10.1.0.0/24；全部为 0.0.0.0/0', 'A range such as 10.1.0.0/24; everywhere is 0.0.0.0/0'),
  }),
  dst: field(shortText(), { zh: '目的', en: 'Destination' }),
  proto: field(Protocol, { zh: '协议', en: 'Protocol' }),
  port: field(z.string().regex(/^(any|\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*)$/), {
    zh: '端口',
    en: 'Port',
    hint: hint('如 443、8000-8010、80,443；全部为 any', 'Like 443, 8000-8010, 80,443; all is any'),
  }),
  purpose: field(shortText(), { zh: '用途', en: 'Purpose' }),
  until: field(day.optional(), { zh: '有效至', en: 'Until' }),
})
export type PortRule = z.infer<typeof PortRule>
export const NetItem = z.object({
  zone: field(Zone, { zh: '区域', en: 'Zone', choices: zoneNames }),
  cidr: field(shortText(0).optional(), {
    zh: '网段',
    en: 'Range',
    hint: hint('如 10.12.3.0/24，可留空由平台分配', 'Like 10.12.3.0/24; empty lets the platform choose'),
  }),
  publicIp: field(count(0, 100).optional(), { zh: '公网地址', en: 'Public addresses', unit: '个' }),
  mbps: field(count(1, 100_000).optional(), {
    zh: '带宽',
    en: 'Bandwidth',
    unit: 'Mbps',
    hint: hint('互联网区或有公网地址时必填', 'Required in the Internet zone or with public addresses'),
  }),
  domain: field(shortText(0).optional(), { zh: '域名', en: 'Domain' }),
  icp: field(shortText(0).optional(), {
    zh: '备案号',
    en: 'ICP filing',
    hint: hint('有域名并对互联网开放时必填', 'Required for a domain open to the Internet'),
  }),
  rules: field(list(PortRule), { zh: '端口策略', en: 'Port rules' }),
  loadBalancer: field(z.boolean().optional(), { zh: '负载均衡', en: 'Load balancer' }),
})
export type NetItem = z.infer<typeof NetItem>
export const SecItem = z.object({
  service: field(SecurityService, { zh: '服务', en: 'Service', choices: securityServiceNames }),
  note: field(shortText(0).optional(), { zh: '说明', en: 'Note' }),
})
export type SecItem = z.infer<typeof SecItem>

const applicant = {
  contactName: field(shortText(), { zh: '联系人', en: 'Contact' }),
  phone: field(
    z
      .string()
      .trim()
      .regex(/^1[3-9]\d{9}$/),
    { zh: '手机', en: 'Mobile', hint: hint('11 位手机号', 'An 11-digit mobile number') },
  ),
  expectedOn: field(day.optional(), {
    zh: '期望到位',
    en: 'Wanted by',
    hint: hint('不早于提交日加开通时限', 'Not before hand-in plus the time limit'),
  }),
  usageUntilOn: field(day, { zh: '使用期限', en: 'Used until' }),
  env: field(Environment, { zh: '环境', en: 'Environment', choices: environmentNames }),
  basisNote: field(shortText(0).optional(), { zh: '申请依据说明', en: 'Grounds' }),
}
const lines = {
  vmItems: field(list(VmItem).optional(), { zh: '虚拟机', en: 'Virtual machines' }),
  bmItems: field(list(BmItem).optional(), { zh: '物理机', en: 'Physical servers' }),
  storageItems: field(list(StorageItem).optional(), { zh: '存储', en: 'Storage' }),
  netItems: field(list(NetItem).optional(), { zh: '网络', en: 'Network' }),
  secItems: field(z.array(SecItem).max(20).optional(), { zh: '安全', en: 'Security' }),
}
const remarks = {
  deviationReason: field(shortText(0).optional(), {
    zh: '与目录不一致的说明',
    en: 'Why it differs from the catalogue',
    hint: hint('合计与目录总结相差超过 10% 时必填', 'Required when a total differs from the catalogue by more than 10 %'),
  }),
}
export const ProvisionContent = z.object({ ...applicant, ...lines, ...remarks })
export type ProvisionContent = z.infer<typeof ProvisionContent>

export const provisionFiles: Record<string, FileField> = {
  basis: { section: '1', zh: '申请依据', en: 'Grounds', required: 'always' },
  officialLetter: { section: '1', zh: '盖章公函', en: 'Stamped letter', required: 'sometimes' },
}
export const provisionSections: readonly FormSection[] = [
  { id: '1', zh: '申请信息', en: 'Applicant', fields: [...Object.keys(applicant), 'basis', 'officialLetter'] },
  { id: '2', zh: '虚拟机', en: 'Virtual machines', fields: ['vmItems'] },
  { id: '3', zh: '物理机', en: 'Physical servers', fields: ['bmItems'] },
  { id: '4', zh: '存储', en: 'Storage', fields: ['storageItems'] },
  { id: '5', zh: '网络', en: 'Network', fields: ['netItems'] },
  { id: '6', zh: '安全', en: 'Security', fields: ['secItems'] },
  { id: '7', zh: '合计与说明', en: 'Totals', fields: Object.keys(remarks) },
]
