/** The cloud itself, asked with an administrator's token and not through the product. */
export interface Openstack {
  authUrl: string
  region: string | undefined
  userName: string
  projectName: string
  secret: string
}

/** From the environment, as `source openrc` leaves it; null when no cloud is named. */
export function openstackOfEnvironment(): Openstack | null {
  const { OS_AUTH_URL: authUrl, OS_USERNAME: userName, OS_PASSWORD: secret, OS_PROJECT_NAME: projectName } = process.env
  return authUrl && userName && secret && projectName
    ? { authUrl, region: process.env.OS_REGION_NAME, userName, projectName, secret }
    : null
}

export interface NovaServer {
  id: string
  name: string
  status: string
  project: string
}

export class Witness {
  private token = ''
  private readonly endpoints = new Map<string, string>()
  private readonly cloud: Openstack

  constructor(cloud: Openstack) {
    this.cloud = cloud
  }

  async signIn(): Promise<void> {
    const { authUrl, userName, projectName, secret } = this.cloud
    const domain = { name: process.env.OS_USER_DOMAIN_NAME ?? 'Default' }
    const answer = await fetch(`${authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        auth: {
          identity: { methods: ['password'], password: { user: { name: userName, domain, password: secret } } },
          scope: { project: { name: projectName, domain } },
        },
      }),
    })
    this.token = answer.headers.get('x-subject-token') ?? ''
    const body = (await answer.json()) as { token: { catalog: { type: string; endpoints: { interface: string; url: string }[] }[] } }
    for (const { type, endpoints } of body.token.catalog)
      this.endpoints.set(type, endpoints.find((one) => one.interface === 'public')?.url ?? '')
  }

  private call(type: string, path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.endpoints.get(type) + path, {
      ...init,
      headers: { 'x-auth-token': this.token, 'content-type': 'application/json', ...init.headers },
    })
  }

  /** An image of this name, made small and empty if there is none. */
  async ensureImage(name: string): Promise<void> {
    const known = (await (await this.call('image', `/v2/images?name=${encodeURIComponent(name)}`)).json()) as { images: unknown[] }
    if (known.images.length > 0) return
    const fields = { name, disk_format: 'raw', container_format: 'bare', visibility: 'public' }
    const { id } = (await (await this.call('image', '/v2/images', { method: 'POST', body: JSON.stringify(fields) })).json()) as {
      id: string
    }
    await this.call('image', `/v2/images/${id}/file`, {
      method: 'PUT',
      body: new Uint8Array(1024),
      headers: { 'content-type': 'application/octet-stream' },
    })
  }

  async ensureFlavor(vcpus: number, memGiB: number, disk: number): Promise<void> {
    const flavor = { id: `${vcpus}c${memGiB}g${disk}d`, name: `${vcpus}C${memGiB}G-${disk}`, vcpus, ram: memGiB * 1024, disk }
    // 409: it is there already
    await this.call('compute', '/flavors', { method: 'POST', body: JSON.stringify({ flavor }) })
  }

  /** Servers whose name begins so, in every project, that are not being deleted. */
  async servers(prefix: string): Promise<NovaServer[]> {
    const answer = (await (await this.call('compute', '/servers/detail?all_tenants=1')).json()) as { servers: Record<string, string>[] }
    return answer.servers
      .filter((one) => String(one.name).startsWith(prefix))
      .map((one) => ({ id: String(one.id), name: String(one.name), status: String(one.status), project: String(one.tenant_id) }))
  }
}
