import { textOf } from '@changbai/contract/gaps.ts'
import type { NetItem, PortRule, ProvisionContent, StorageItem, VmItem } from '@changbai/contract/provision-form.ts'
import type { LineSpec } from '@changbai/contract/provisioning.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { findFlavor, findHardwareModel, findImage } from '../inventory/index.ts'

// An approved form as lines of work: ids of the inventory become the names that the cloud knows.

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** Most port rules that one network line carries to the cloud. */
const RULES_MAX = 200

async function vmLine(ctx: Ctx, item: VmItem): Promise<LineSpec> {
  const flavor = item.flavorId && UUID.test(item.flavorId) ? await findFlavor(ctx, item.flavorId) : undefined
  const image = UUID.test(item.imageId) ? await findImage(ctx, item.imageId) : undefined
  return {
    kind: 'VM',
    hostName: item.hostName,
    purpose: item.purpose,
    vcpu: flavor?.vcpu ?? item.vcpu ?? 1,
    memGiB: flavor?.memGiB ?? item.memGiB ?? 1,
    flavor: flavor ? flavor.externalId || flavor.name : item.flavorId || null,
    image: image ? image.externalId || image.name : item.imageId,
    rootGiB: item.rootGiB,
    dataDisks: (item.dataDisks ?? []).slice(0, 16),
    zone: item.az,
    antiAffinity: item.antiAffinity || null,
    count: item.count,
    publicAddresses: 0,
  }
}

const storageLine = (item: StorageItem): LineSpec => ({
  kind: 'STORAGE',
  storage: ({ block: 'BLOCK', file: 'FILE', object: 'OBJECT', backup: 'BACKUP' } as const)[item.kind],
  name: item.attachTo ? `${item.purpose}（挂载到 ${item.attachTo}）`.slice(0, 100) : item.purpose.slice(0, 100),
  gib: item.gib,
  tier: item.tier,
  protocol: item.protocol ?? '',
  backupPolicy: item.backupPolicyId,
})

/** `80,443` is two rules in a cloud; `any` is all ports. */
const rulesOf = (rule: PortRule) =>
  (rule.port === 'any' ? [''] : rule.port.split(',')).map((port) => ({
    src: rule.src.slice(0, 60),
    dst: rule.dst.slice(0, 60),
    proto: rule.proto,
    port: rule.proto === 'ICMP' ? '' : port.trim(),
    purpose: rule.purpose,
  }))

const netLine = (item: NetItem): LineSpec => ({
  kind: 'NETWORK',
  zone: item.zone,
  cidr: item.cidr || null,
  publicAddresses: Math.min(item.publicIp ?? 0, 50),
  mbps: item.mbps ?? 0,
  domain: item.domain ?? '',
  icp: (item.icp ?? '').slice(0, 100),
  rules: item.rules.flatMap(rulesOf).slice(0, RULES_MAX),
  loadBalancer: item.loadBalancer ?? false,
})

/** All lines of a form in its order. */
export async function linesOf(ctx: Ctx, content: ProvisionContent): Promise<LineSpec[]> {
  const lines: LineSpec[] = []
  for (const item of content.vmItems ?? []) lines.push(await vmLine(ctx, item))
  for (const item of content.bmItems ?? []) {
    const model = UUID.test(item.modelId) ? await findHardwareModel(ctx, item.modelId) : undefined
    lines.push({
      kind: 'BAREMETAL',
      modelId: item.modelId,
      modelName: model ? `${model.vendor} ${model.model}` : item.modelId,
      os: item.os,
      raid: item.raid,
      count: item.count,
      justification: textOf(item.justification).slice(0, 2000),
    })
  }
  lines.push(...(content.storageItems ?? []).map(storageLine), ...(content.netItems ?? []).map(netLine))
  const services = (content.secItems ?? []).map((item) => item.service)
  if (services.length > 0) lines.push({ kind: 'SECURITY', services: [...new Set(services)] })
  return lines
}
