import type { AdoptableKind, AdoptableProject } from '@changbai/contract/inventory.adoption.ts'

/** A number of an admission that was given afterwards: nobody reviewed it, the bureau vouched for what was there. */
export const RETROSPECTIVE_PREFIX = 'BZR'

interface Project {
  projectId: string
  projectName: string
  /** Applications whose recorded resources lie in this project already. */
  applicationIds: readonly string[]
}
interface KnownApplication {
  id: string
  tenantId: string
  code: string
  name: string
}
interface KnownTenant {
  id: string
  code: string
  name: string
  shortName: string
}

const plain = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '')

/** A project's name as a code: what is not a letter, a digit, a dot or a hyphen falls out. */
export const codeFrom = (name: string, projectId: string): string => {
  const code = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_/]+/g, '-')
    .replaceAll(/[^a-z0-9.-]/g, '')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
  return (
    code ||
    `app-${projectId
      .replaceAll(/[^A-Za-z0-9]/g, '')
      .slice(0, 12)
      .toLowerCase()}`
  ).slice(0, 60)
}

/** Whose a project seems to be. Only one answer is an answer: two that fit are none, and a person decides. */
export function suggestOwner(
  project: Project,
  applications: readonly KnownApplication[],
  tenants: readonly KnownTenant[],
): AdoptableProject['suggestion'] {
  const of = (application: KnownApplication, why: 'RESOURCES' | 'NAME'): AdoptableProject['suggestion'] => ({
    why,
    tenantId: application.tenantId,
    tenantName: tenants.find((one) => one.id === application.tenantId)?.shortName ?? '',
    applicationId: application.id,
    code: application.code,
    name: application.name,
  })
  const there = applications.filter((one) => project.applicationIds.includes(one.id))
  if (there.length === 1 && there[0]) return of(there[0], 'RESOURCES')
  const name = plain(project.projectName)
  if (name === '') return null
  const called = applications.filter((one) => plain(one.code) === name || plain(one.name) === name)
  if (called.length === 1 && called[0]) return of(called[0], 'NAME')
  // 省林草局-综合门户, hrss_pension: the bureau's name or code stands first
  const bureaus = tenants.filter((one) => [one.code, one.name, one.shortName].some((word) => word !== '' && name.startsWith(plain(word))))
  const [bureau] = bureaus
  if (bureaus.length !== 1 || !bureau) return null
  return {
    why: 'NAME',
    tenantId: bureau.id,
    tenantName: bureau.shortName,
    applicationId: null,
    code: codeFrom(project.projectName, project.projectId),
    name: project.projectName.trim(),
  }
}

interface Facts {
  vcpu?: number | null
  memMiB?: number | null
  gib?: number | null
  cidr?: string | null
  address?: string | null
}
/** As people say a size: 4 vCPU 8 GiB, 100 GiB, 10.0.0.0/24. */
export function sizeOf(kind: AdoptableKind, facts: Facts): string {
  if (kind === 'server') return facts.vcpu ? `${facts.vcpu} vCPU ${Math.ceil((facts.memMiB ?? 0) / 1024)} GiB` : ''
  if (kind === 'volume') return facts.gib ? `${facts.gib} GiB` : ''
  return (kind === 'network' ? facts.cidr : facts.address) ?? ''
}
