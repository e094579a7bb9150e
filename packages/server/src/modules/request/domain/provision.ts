import type { DraftContent, Gap, MatterKind, Totals } from '@changbai/contract/forms.ts'
import { arrangeGaps, broken, type FormShape, isBlank, missing, numberOf, rowsOf, schemaGaps, textOf } from '@changbai/contract/gaps.ts'
import { ProvisionContent, provisionFiles, provisionSections, type SecurityService } from '@changbai/contract/provision-form.ts'
import { forbiddenPorts, GUARDED_PORTS, isCidr, parsePorts } from './ports.ts'
import { type Check, checkTotals, type Flavors, provisionTotals } from './totals.ts'

export const provisionShape: FormShape = { schema: ProvisionContent, sections: provisionSections, files: provisionFiles }

/** What the rest of the world says about the choices of a form. Null: the list is not known, so nothing is refused for it. */
export interface ProvisionFacts {
  flavors: Flavors | null
  images: ReadonlySet<string> | null
  zones: ReadonlySet<string> | null
  /** Models that passed their acceptance test, and all others known. */
  models: ReadonlyMap<string, { tested: boolean }> | null
  backupPolicies: ReadonlySet<string> | null
  catalogTotals: Totals
  deviationLimitPct: number
  /** The day the form would be handed in, and the last day of its time limit from there. */
  today: Temporal.PlainDate
  earliestReadyOn: { vm: Temporal.PlainDate; baremetal: Temporal.PlainDate }
  kind: MatterKind
}

const LINE_FIELDS = ['vmItems', 'bmItems', 'storageItems', 'netItems', 'secItems'] as const
const gap = (path: string, code: Gap['code'], zh: string, en: string) => broken(provisionShape, path, code, zh, en)
const unknown = (path: string) => gap(path, 'UNKNOWN_CHOICE', '不在目录内', 'not in the catalogue of choices')

function vmGaps(content: DraftContent, facts: ProvisionFacts): Gap[] {
  const names = new Map<string, number>()
  return rowsOf(content, 'vmItems').flatMap((line, index) => {
    const at = (field: string) => `vmItems.${index}.${field}`
    const gaps: Gap[] = []
    const flavorId = textOf(line.flavorId)
    if (flavorId === '') for (const field of ['vcpu', 'memGiB']) if (isBlank(line[field])) gaps.push(missing(provisionShape, at(field)))
    if (flavorId !== '' && facts.flavors && !facts.flavors.has(flavorId)) gaps.push(unknown(at('flavorId')))
    if (facts.images && !isBlank(line.imageId) && !facts.images.has(textOf(line.imageId))) gaps.push(unknown(at('imageId')))
    if (facts.zones && !isBlank(line.az) && !facts.zones.has(textOf(line.az))) gaps.push(unknown(at('az')))
    const name = textOf(line.hostName)
    const before = names.get(name)
    if (name !== '' && before !== undefined)
      gaps.push(gap(at('hostName'), 'DUPLICATE', `与第 ${before + 1} 行重名`, `same as line ${before + 1}`))
    else names.set(name, index)
    return gaps
  })
}

function bmGaps(content: DraftContent, facts: ProvisionFacts): Gap[] {
  return rowsOf(content, 'bmItems').flatMap((line, index) => {
    const id = textOf(line.modelId)
    if (id === '' || !facts.models) return []
    const model = facts.models.get(id)
    if (!model) return [unknown(`bmItems.${index}.modelId`)]
    return model.tested
      ? []
      : [gap(`bmItems.${index}.modelId`, 'RULE', '机型尚未通过可用性测试', 'the model has not passed its acceptance test')]
  })
}

function storageGaps(content: DraftContent, facts: ProvisionFacts): Gap[] {
  const hosts = new Set(rowsOf(content, 'vmItems').map((line) => textOf(line.hostName)))
  return rowsOf(content, 'storageItems').flatMap((line, index) => {
    const at = (field: string) => `storageItems.${index}.${field}`
    const gaps: Gap[] = []
    const protocol = textOf(line.protocol)
    const allowed: Record<string, readonly string[]> = { file: ['NFS', 'CIFS'], object: ['S3'] }
    const wanted = allowed[textOf(line.kind)]
    if (wanted && protocol === '') gaps.push(missing(provisionShape, at('protocol')))
    else if (wanted && !wanted.includes(protocol))
      gaps.push(gap(at('protocol'), 'RULE', `须为 ${wanted.join(' 或 ')}`, `must be ${wanted.join(' or ')}`))
    const policy = textOf(line.backupPolicyId)
    if (policy !== '' && facts.backupPolicies && !facts.backupPolicies.has(policy)) gaps.push(unknown(at('backupPolicyId')))
    const host = textOf(line.attachTo)
    if (host !== '' && !hosts.has(host))
      gaps.push(gap(at('attachTo'), 'RULE', '虚拟机行里没有这个名称', 'no virtual machine line has this name'))
    return gaps
  })
}

function ruleGaps(rule: Record<string, unknown>, path: string): Gap[] {
  const [src, proto, port] = [textOf(rule.src), textOf(rule.proto), textOf(rule.port)]
  if (port !== '' && !parsePorts(port))
    return [gap(`${path}.port`, 'FORMAT', '端口在 1 至 65535 之间，起不大于止', 'ports are 1 to 65535, the first not above the last')]
  const forbidden = forbiddenPorts({ src, proto, port })
  if (forbidden.length === 0) return []
  const named = forbidden.slice(0, 3).map((one) => `${one}（${GUARDED_PORTS[one]}）`)
  const more = forbidden.length > 3 ? ` 等 ${forbidden.length} 个` : ''
  return [
    {
      section: '5',
      path: `${path}.src`,
      code: 'RULE',
      message: {
        zh: `不能对所有地址开放 ${named.join('、')}${more}端口，请写明来源网段`,
        en: `Port ${forbidden.slice(0, 3).join(', ')} cannot be open to all addresses. Name the source network`,
      },
    },
  ]
}

function netGaps(content: DraftContent): Gap[] {
  return rowsOf(content, 'netItems').flatMap((line, index) => {
    const at = (field: string) => `netItems.${index}.${field}`
    const gaps: Gap[] = []
    const open = line.zone === 'INTERNET' || (numberOf(line.publicIp) ?? 0) > 0
    if (open && isBlank(line.mbps)) gaps.push(missing(provisionShape, at('mbps')))
    if (open && textOf(line.domain) !== '' && textOf(line.icp) === '') gaps.push(missing(provisionShape, at('icp')))
    const cidr = textOf(line.cidr)
    if (cidr !== '' && !isCidr(cidr))
      gaps.push(gap(at('cidr'), 'FORMAT', '网段写法如 10.12.3.0/24，主机位为 0', 'a range such as 10.12.3.0/24 with an empty host part'))
    rowsOf(line, 'rules').forEach((rule, place) => {
      gaps.push(...ruleGaps(rule, `${at('rules')}.${place}`))
    })
    return gaps
  })
}

const dayOf = (value: unknown): Temporal.PlainDate | null => {
  try {
    return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? Temporal.PlainDate.from(value, { overflow: 'reject' }) : null
  } catch {
    return null
  }
}

function dateGaps(content: DraftContent, facts: ProvisionFacts): Gap[] {
  const gaps: Gap[] = []
  const until = dayOf(content.usageUntilOn)
  if (until && Temporal.PlainDate.compare(until, facts.today) <= 0)
    gaps.push(gap('usageUntilOn', 'RULE', '须晚于今天', 'must be after today'))
  const expected = dayOf(content.expectedOn)
  const earliest = rowsOf(content, 'bmItems').length > 0 ? facts.earliestReadyOn.baremetal : facts.earliestReadyOn.vm
  if (expected && Temporal.PlainDate.compare(expected, earliest) < 0)
    gaps.push(gap('expectedOn', 'RULE', `不早于 ${earliest}（提交日加开通时限）`, `not before ${earliest} (hand-in plus the time limit)`))
  if (expected && until && Temporal.PlainDate.compare(until, expected) <= 0)
    gaps.push(gap('usageUntilOn', 'RULE', '须晚于期望到位日', 'must be after the day it is wanted'))
  return gaps
}

export interface ProvisionCheck {
  gaps: Gap[]
  totals: Totals
  checks: Check[]
}

/**
 * Everything that keeps a provision form from being handed in, its sums, and how they compare with the catalogue.
 * @clause 4.2-4
 */
export function checkProvision(content: DraftContent, files: ReadonlySet<string>, facts: ProvisionFacts): ProvisionCheck {
  const totals = provisionTotals(content, facts.flavors ?? new Map())
  const checks = checkTotals(totals, facts.catalogTotals, facts.deviationLimitPct)
  const gaps = [
    ...vmGaps(content, facts),
    ...bmGaps(content, facts),
    ...storageGaps(content, facts),
    ...netGaps(content),
    ...dateGaps(content, facts),
  ]
  if (LINE_FIELDS.every((field) => isBlank(content[field])))
    gaps.push({ section: '2', path: 'vmItems', code: 'MISSING', message: { zh: '至少填一行资源', en: 'At least one line is needed' } })
  const off = checks.filter((check) => !check.within)
  if (off.length > 0 && textOf(content.deviationReason) === '') {
    const named = off.map((check) => `${check.label.zh} ${check.form}（目录 ${check.catalog}）`).join('、')
    gaps.push({
      section: '7',
      path: 'deviationReason',
      code: 'DEVIATION',
      message: {
        zh: `与目录总结相差超过 ${facts.deviationLimitPct}%，请说明：${named}`,
        en: `More than ${facts.deviationLimitPct} % off the catalogue, please explain: ${off.map((check) => `${check.label.en} ${check.form} (catalogue ${check.catalog})`).join(', ')}`,
      },
    })
  }
  return { gaps: arrangeGaps(provisionShape, [...gaps, ...schemaGaps(provisionShape, content, files)]), totals, checks }
}

/** Security services an application of a protection level comes with (service plan 5.3): offered, not forced. */
export function securityPackage(mlpsLevel: number | null): SecurityService[] {
  if (mlpsLevel === null || mlpsLevel <= 1) return ['HOST_PROTECTION']
  if (mlpsLevel === 2) return ['HOST_PROTECTION', 'LOG_AUDIT', 'VULN_SCAN']
  return ['WAF', 'HOST_PROTECTION', 'BASTION', 'LOG_AUDIT', 'VULN_SCAN']
}
