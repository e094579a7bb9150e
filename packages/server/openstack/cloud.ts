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

  private async one(type: string, path: string, key: string): Promise<Record<string, unknown>> {
    const answer = await fetch(this.endpoints.get(type) + path, {
      headers: { 'x-auth-token': this.token, ...(type === 'compute' ? { 'openstack-api-version': 'compute 2.47' } : {}) },
    })
    if (answer.status === 404) return {}
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`)
    const body = (await answer.json()) as Record<string, Record<string, unknown>>
    return (key === '' ? body : body[key]) ?? {}
  }

  /** One server; an empty status when there is none any more. */
  async server(id: string): Promise<{ status: string; vcpus: number; ram: number }> {
    const row = await this.one('compute', `/servers/${id}`, 'server')
    const flavor = (row.flavor ?? {}) as Record<string, unknown>
    const status = row.status === undefined || row.status === 'DELETED' ? '' : String(row.status)
    return { status, vcpus: Number(flavor.vcpus ?? 0), ram: Number(flavor.ram ?? 0) }
  }
  async volume(id: string): Promise<{ status: string; size: number }> {
    const row = await this.one('volumev3', `/volumes/${id}`, 'volume')
    return { status: String(row.status ?? ''), size: Number(row.size ?? 0) }
  }
  async imageStatus(id: string): Promise<string> {
    return String((await this.one('image', `/v2/images/${id}`, '')).status ?? '')
  }
  /**
   * The hypervisor's part of a server's snapshot: the development cloud has none, and leaves the images that Nova wrote down without their bytes.
   * @returns how many were uploaded
   */
  async uploadSnapshots(): Promise<number> {
    const { images = [] } = await this.get('image', '/v2/images?status=queued&limit=200')
    const waiting = images.filter((row) => row['changbai-key'] !== undefined)
    for (const { id } of waiting) {
      const headers = { 'x-auth-token': this.token }
      const format = ['disk_format', 'container_format'].map((path, at) => ({
        op: 'replace',
        path: `/${path}`,
        value: at === 0 ? 'raw' : 'bare',
      }))
      const patch = 'application/openstack-images-v2.1-json-patch'
      const image = `${this.endpoints.get('image')}/v2/images/${id}`
      await fetch(image, { method: 'PATCH', headers: { ...headers, 'content-type': patch }, body: JSON.stringify(format) })
      await fetch(`${image}/file`, { method: 'PUT', headers: { ...headers, 'content-type': 'application/octet-stream' }, body: 'snapshot' })
    }
    return waiting.length
  }
  /** The first ports that a security group lets in, in order. */
  async ingressPorts(groupId: string): Promise<number[]> {
    const row = await this.one('network', `/v2.0/security-groups/${groupId}`, 'security_group')
    const rules = (row.security_group_rules ?? []) as Record<string, unknown>[]
    return rules
      .filter((rule) => rule.direction === 'ingress' && rule.port_range_min !== null)
      .map((rule) => Number(rule.port_range_min))
      .sort((a, b) => a - b)
  }
  /** Somebody else's hand: an order to a server that the product knows nothing of. */
  async act(serverId: string, order: object): Promise<void> {
    await this.send('POST', `/servers/${serverId}/action`, order)
  }
  async deleteServer(serverId: string): Promise<void> {
    await this.send('DELETE', `/servers/${serverId}`)
  }
  private async send(method: string, path: string, body?: object): Promise<void> {
    const answer = await fetch(this.endpoints.get('compute') + path, {
      method,
      headers: { 'x-auth-token': this.token, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
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
