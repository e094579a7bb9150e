import type { LineKind, LineSpec, WorkOrderKind } from '@changbai/contract/provisioning.ts'

export interface Words {
  zh: string
  en: string
}

/** What one approved request becomes: at most one work order for virtual machines (with what belongs to them) and one for physical servers. */
export interface OrderPart {
  kind: WorkOrderKind
  specs: LineSpec[]
}

/**
 * Splits the lines of a request by kind, because each kind has its own limit. Storage, network and security ride with the virtual machines;
 * without any they are a work order of their own.
 * @clause 4.3-1a
 */
export function splitByKind(specs: readonly LineSpec[]): OrderPart[] {
  const metal = specs.filter((spec) => spec.kind === 'BAREMETAL')
  const rest = specs.filter((spec) => spec.kind !== 'BAREMETAL')
  const parts: OrderPart[] = []
  if (rest.length > 0) parts.push({ kind: rest.some((spec) => spec.kind === 'VM') ? 'VM' : 'STORAGE_NETWORK', specs: rest })
  if (metal.length > 0) parts.push({ kind: 'BAREMETAL', specs: metal })
  return parts
}

/** @clause 4.3-1b seven working days for physical servers, 4.3-1a two for everything else (ADR 0033) */
export const clauseOf = (kind: LineKind): '4.3-1a' | '4.3-1b' => (kind === 'BAREMETAL' ? '4.3-1b' : '4.3-1a')

const gib = (value: number): string => `${value.toLocaleString('en-US')} GiB`

export function titleOf(spec: LineSpec): string {
  switch (spec.kind) {
    case 'VM':
      return `${spec.hostName} × ${spec.count} · ${spec.vcpu} vCPU / ${spec.memGiB} GiB`
    case 'BAREMETAL':
      return `${spec.modelName} × ${spec.count}`
    case 'STORAGE':
      return `${{ BLOCK: '块存储', FILE: '文件存储', OBJECT: '对象存储', BACKUP: '备份存储' }[spec.storage]} ${gib(spec.gib)}`
    case 'NETWORK':
      return `${spec.zone}${spec.cidr ? ` ${spec.cidr}` : ''}${spec.publicAddresses > 0 ? ` · 公网地址 ${spec.publicAddresses}` : ''}`
    case 'SECURITY':
      return spec.services.join('、')
  }
}

export interface Way {
  way: 'DRIVER' | 'MANUAL'
  reason: string | null
}

/** Whether the cloud makes a line or people do; what a cloud lacks becomes work for people under the same clock. */
export function wayOf(spec: LineSpec, can: (kind: 'server' | 'volume' | 'network' | 'address') => boolean): Way {
  const manual = (reason: string): Way => ({ way: 'MANUAL', reason })
  switch (spec.kind) {
    case 'VM':
      if (!can('server')) return manual('no-driver')
      return spec.publicAddresses > 0 && !can('address') ? manual('no-public-network') : { way: 'DRIVER', reason: null }
    case 'BAREMETAL':
      return manual('physical')
    case 'STORAGE':
      if (spec.storage !== 'BLOCK') return manual('no-such-storage')
      return can('volume') ? { way: 'DRIVER', reason: null } : manual('no-driver')
    case 'NETWORK':
      if (spec.loadBalancer) return manual('load-balancer')
      if (!can('network')) return manual('no-driver')
      return spec.publicAddresses > 0 && !can('address') ? manual('no-public-network') : { way: 'DRIVER', reason: null }
    case 'SECURITY':
      return manual('security-service')
  }
}

/** A network line that also wants a load balancer, bandwidth or a domain name leaves that part to people, as a line of its own. */
export function unfold(specs: readonly LineSpec[]): LineSpec[] {
  return specs.flatMap((spec): LineSpec[] => {
    if (spec.kind !== 'NETWORK') return [spec]
    const byHand = spec.loadBalancer || spec.mbps > 0 || spec.domain !== ''
    if (!byHand) return [spec]
    return [
      { ...spec, loadBalancer: false, mbps: 0, domain: '', icp: '' },
      { ...spec, cidr: null, publicAddresses: 0, rules: [], loadBalancer: true },
    ]
  })
}

interface Item {
  key: string
  label: Words
}
const item = (key: string, zh: string, en: string): Item => ({ key, label: { zh, en } })

/** What people tick off when they make a line. */
export function checklistOf(spec: LineSpec): Item[] {
  switch (spec.kind) {
    case 'BAREMETAL':
      return [
        item('rack', '上架：机柜、U 位、标签', 'Racked: rack, unit, label'),
        item('cable', '布线：电源双路、业务网、管理网', 'Cabled: two power feeds, service and management network'),
        item('bmc', 'BMC 登记：地址、账号已改、版本', 'BMC registered: address, account changed, version'),
        item('raid', `RAID：${spec.raid}`, `RAID: ${spec.raid}`),
        item('os', `装机：${spec.os}`, `Installed: ${spec.os}`),
        item('network', '网络与存储映射', 'Network and storage mapped'),
        item('monitor', '纳入监控与台账', 'Monitored and registered'),
      ]
    case 'VM':
      return [
        item('create', '按规格建立并启动', 'Made to size and started'),
        item('network', '地址与安全组', 'Address and security group'),
        item('monitor', '纳入监控与台账', 'Monitored and registered'),
      ]
    case 'STORAGE':
      return [
        item('create', '建立存储并授权', 'Storage made, access granted'),
        item('mount', '挂载或访问验证', 'Mount or access tried'),
        item('backup', `备份策略：${spec.backupPolicy || '—'}`, `Backup policy: ${spec.backupPolicy || '—'}`),
      ]
    case 'NETWORK':
      return [
        item('balance', '负载均衡、带宽、域名解析', 'Load balancer, bandwidth, name resolution'),
        item('rules', '端口策略生效', 'Port rules in force'),
      ]
    case 'SECURITY':
      return spec.services.map((service) => item(`service-${service}`, `开通 ${service}`, `${service} enabled`))
  }
}

export interface CheckPoint extends Item {
  expected: string
}

/** What the self-check goes through, line by line: configuration, addresses, rules, backup, monitoring. */
export function checkPointsOf(spec: LineSpec): CheckPoint[] {
  const point = (key: string, zh: string, en: string, expected: string): CheckPoint => ({ ...item(key, zh, en), expected })
  // for people to look at until what registers them (resources.handed-over) can say it itself
  const kept = [
    point('backup', '备份已配置', 'Backed up', '是'),
    point('monitor', '监控已纳管', 'Monitored', '是'),
    point('baseline', '安全基线已核查', 'Security baseline checked', '是'),
  ]
  switch (spec.kind) {
    case 'VM':
      return [
        point('count', '数量', 'Count', String(spec.count)),
        point('size', '规格', 'Size', `${spec.vcpu} vCPU / ${spec.memGiB} GiB`),
        point('image', '镜像', 'Image', spec.image),
        point('disks', '磁盘', 'Disks', [spec.rootGiB, ...spec.dataDisks.map((disk) => disk.gib)].map(gib).join(' + ')),
        point('address', '地址', 'Address', `${spec.count}`),
        ...kept,
      ]
    case 'BAREMETAL':
      return [
        point('count', '数量', 'Count', String(spec.count)),
        point('model', '机型', 'Model', spec.modelName),
        point('raid', 'RAID', 'RAID', spec.raid),
        point('os', '操作系统', 'Operating system', spec.os),
        point('bmc', 'BMC 可达', 'BMC reachable', '是'),
        ...kept,
      ]
    case 'STORAGE':
      return [point('size', '容量', 'Capacity', gib(spec.gib)), point('backup', '备份策略', 'Backup policy', spec.backupPolicy || '—')]
    case 'NETWORK':
      return [
        point('range', '网段', 'Range', spec.cidr ?? '—'),
        point('rules', '端口策略', 'Port rules', String(spec.rules.length)),
        point('address', '公网地址', 'Public addresses', String(spec.publicAddresses)),
      ]
    case 'SECURITY':
      return spec.services.map((service) => point(`service-${service}`, service, service, '已开通'))
  }
}

/**
 * The next moment at which a lease needs attention: 60, 30 and 7 days before its last day, then the day after it.
 * @param reminders days before the end, longest first
 * @param sent days-before already reminded of
 */
export function nextLeaseDay(
  usageUntil: Temporal.PlainDate,
  today: Temporal.PlainDate,
  reminders: readonly number[],
  sent: readonly number[],
): Temporal.PlainDate {
  for (const days of reminders) {
    if (sent.includes(days)) continue
    const on = usageUntil.subtract({ days })
    // a lease shorter than the reminder is reminded of at the next one
    if (Temporal.PlainDate.compare(on, today) > 0) return on
  }
  return usageUntil.add({ days: 1 })
}

/** The reminder that is due today, the nearest one only: who is late is not told three times. */
export function reminderDue(
  usageUntil: Temporal.PlainDate,
  today: Temporal.PlainDate,
  reminders: readonly number[],
  sent: readonly number[],
): number | null {
  const left = today.until(usageUntil, { largestUnit: 'day' }).days
  if (left < 0) return null
  const due = reminders.filter((days) => left <= days)
  const nearest = due.at(-1)
  return nearest !== undefined && !sent.includes(nearest) ? nearest : null
}

/** Production systems that are new or migrated run on trial before the hand-over is final. */
export const needsTrial = (env: string, requestKind: string): boolean =>
  env === 'PROD' && (requestKind === 'NEW' || requestKind === 'MIGRATION')
