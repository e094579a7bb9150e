import { openstackSettings } from '@changbai/contract/cloud.ts'

const need = (name: string): string => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: source the openrc of the cloud first`)
  return value
}

/** The cloud that the environment names, as people would enter it on the settings page. */
export const settings = (over: Record<string, unknown> = {}) =>
  openstackSettings.parse({
    authUrl: need('OS_AUTH_URL'),
    region: process.env.OS_REGION_NAME,
    userName: need('OS_USERNAME'),
    projectName: need('OS_PROJECT_NAME'),
    userDomain: process.env.OS_USER_DOMAIN_NAME ?? 'Default',
    projectDomain: process.env.OS_PROJECT_DOMAIN_NAME ?? 'Default',
    externalNetworkName: process.env.OS_EXTERNAL_NETWORK ?? 'public',
    // the development cloud's volume driver cannot copy an image; a data volume fences the server all the same
    rootDisk: process.env.OS_ROOT_DISK ?? 'image',
    ...over,
  })
export const password = (): string => need('OS_PASSWORD')
export const imageName = process.env.OS_IMAGE ?? 'tiny'

/** What the cloud itself says, read with an administrator's token and not through the driver under test. */
export class Witness {
  private token = ''
  private readonly endpoints = new Map<string, string>()

  async signIn(): Promise<void> {
    const { authUrl, userName, userDomain, projectName, projectDomain } = settings()
    const answer = await fetch(`${authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        auth: {
          identity: { methods: ['password'], password: { user: { name: userName, domain: { name: userDomain }, password: password() } } },
          scope: { project: { name: projectName, domain: { name: projectDomain } } },
        },
      }),
    })
    this.token = answer.headers.get('x-subject-token') ?? ''
    const body = (await answer.json()) as { token: { catalog: { type: string; endpoints: { interface: string; url: string }[] }[] } }
    for (const { type, endpoints } of body.token.catalog)
      this.endpoints.set(type, endpoints.find((one) => one.interface === 'public')?.url ?? '')
  }

  private async get(type: string, path: string, headers: Record<string, string> = {}): Promise<Record<string, Record<string, unknown>[]>> {
    const answer = await fetch(this.endpoints.get(type) + path, { headers: { 'x-auth-token': this.token, ...headers } })
    return (await answer.json()) as Record<string, Record<string, unknown>[]>
  }

  /** Names of the servers of one project that are not being deleted. */
  async servers(projectId: string): Promise<{ name: string; status: string; id: string }[]> {
    const { servers = [] } = await this.get('compute', `/servers/detail?all_tenants=1&project_id=${projectId}`)
    return servers.map((row) => ({ name: String(row.name), status: String(row.status), id: String(row.id) }))
  }
  async volumes(projectId: string): Promise<{ name: string; status: string }[]> {
    const { volumes = [] } = await this.get('volumev3', `/volumes/detail?all_tenants=1&project_id=${projectId}`)
    return volumes.map((row) => ({ name: String(row.name), status: String(row.status) }))
  }
  async count(what: 'networks' | 'subnets' | 'ports' | 'floatingips' | 'routers', projectId: string): Promise<number> {
    const owner = what === 'ports' ? '&device_owner=compute:nova' : ''
    return (await this.get('network', `/v2.0/${what}?project_id=${projectId}${owner}`))[what]?.length ?? 0
  }
}

/** Real seconds since `from`, one decimal. */
export const secondsSince = (from: number): number => Math.round((performance.now() - from) / 100) / 10
