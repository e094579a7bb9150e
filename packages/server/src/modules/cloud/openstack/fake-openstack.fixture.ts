import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What goes wrong with one call. `hang`: no answer, nothing done. `hangAfter`: done, no answer. `late`: no answer, done a while later. */
export type Fault = 401 | 403 | 409 | 413 | 429 | 500 | 503 | 'hang' | 'hangAfter' | 'late' | 'reset' | 'resetAfter'

interface Thing {
  id: string
  collection: string
  project: string
  createdAt: number
  [field: string]: unknown
}

/**
 * A small OpenStack over HTTP that keeps state, in the shapes written down from the real one. It can answer any single call wrongly; calls are
 * counted from 1, signing in is not counted.
 */
export class FakeOpenstack {
  readonly things: Thing[] = []
  readonly calls: string[] = []
  /** By number of the call. */
  readonly faults = new Map<number, Fault>()
  /** Public addresses that somebody else has. */
  readonly foreign = new Set<string>()
  private readonly tokens = new Map<string, string>()
  private readonly server: Server
  private readonly open = new Set<ServerResponse>()
  private readonly timers = new Set<NodeJS.Timeout>()
  private readonly late: Promise<void>[] = []
  private next = 1
  url = ''
  /** No page is longer, whatever is asked for. */
  pageSize = 1_000

  constructor() {
    this.server = createServer((request, response) => void this.answer(request, response))
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer)
    for (const response of this.open) response.destroy()
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  /** Resolves when nothing is still to be carried out late. */
  async settled(): Promise<void> {
    await Promise.all(this.late)
  }

  of(collection: string): Thing[] {
    return this.things.filter((thing) => thing.collection === collection)
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {}
    const url = new URL(request.url ?? '/', this.url)
    const method = request.method ?? 'GET'
    if (url.pathname === '/v3/auth/tokens') return this.signIn(body, response)
    this.calls.push(`${method} ${url.pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27,}/g, ':id')}`)
    const fault = this.faults.get(this.calls.length)
    const project = this.tokens.get(String(request.headers['x-auth-token']))
    if (fault === undefined) return this.reply(response, project === undefined ? [401, {}] : this.carryOut(method, url, body, project))
    await this.fail(fault, response, () => this.carryOut(method, url, body, project ?? ''))
  }

  private async fail(fault: Fault, response: ServerResponse, carryOut: () => unknown): Promise<void> {
    this.open.add(response)
    if (fault === 'hang') return
    if (fault === 'reset') return void response.socket?.destroy()
    if (fault === 'hangAfter') return void carryOut()
    if (fault === 'resetAfter') {
      carryOut()
      return void response.socket?.destroy()
    }
    if (fault === 'late') {
      // shortly after the caller has given up: the caller's settling time is virtual and passes in a few real looks, so a delay by the wall
      // clock alone could end after it on a fast machine
      this.late.push(
        new Promise((carriedOut) => {
          response.once('close', () => {
            const timer = setTimeout(() => carriedOut(void carryOut()), 15)
            this.timers.add(timer)
          })
        }),
      )
      return
    }
    const bodies: Partial<Record<number, unknown>> = {
      401: { error: { code: 401, message: 'The request you have made requires authentication.' } },
      403: { forbidden: { code: 403, message: "Policy doesn't allow this to be performed." } },
      409: { conflictingRequest: { code: 409, message: 'Cannot do this while another operation is under way' } },
      413: { overLimit: { code: 413, message: 'This request was rate-limited.', retryAfter: '1' } },
    }
    if (fault >= 500 || fault === 429)
      response.writeHead(fault, { 'content-type': 'text/html', 'retry-after': '1' }).end('<html><body>busy</body></html>')
    else this.reply(response, [fault, bodies[fault] ?? {}])
  }

  private reply(response: ServerResponse, [status, body]: [number, unknown]): void {
    response.writeHead(status, { 'content-type': 'application/json' }).end(status === 204 ? undefined : JSON.stringify(body))
  }

  private id(): string {
    return `00000000-0000-4000-8000-${String(this.next++).padStart(12, '0')}`
  }

  private signIn(body: { auth: { scope: { project: { id?: string } } } }, response: ServerResponse): void {
    const project = body.auth.scope.project.id ?? 'admin-project'
    const token = `token-${this.next++}`
    this.tokens.set(token, project)
    const catalog = (['compute', 'network', 'volumev3', 'image'] as const).map((type) => ({
      type,
      endpoints: [
        {
          interface: 'public',
          region_id: 'R',
          url: `${this.url}/${type}${type === 'compute' ? '/v2.1' : type === 'volumev3' ? `/v3/${project}` : ''}`,
        },
      ],
    }))
    response.setHeader('x-subject-token', token)
    this.reply(response, [201, { token: { expires_at: '2999-01-01T00:00:00Z', user: { id: 'me' }, project: { id: project }, catalog } }])
  }

  private add(collection: string, project: string, fields: object): Thing {
    const thing = { ...fields, id: this.id(), collection, project, createdAt: this.next, created_at: String(this.next).padStart(9, '0') }
    this.things.push(thing)
    return thing
  }

  private carryOut(method: string, url: URL, body: Record<string, Record<string, unknown>>, project: string): [number, unknown] {
    const [, service = '', ...path] = url.pathname.split('/')
    if (service === 'v3') return this.identity(method, path, url, body)
    if (service === 'compute') return this.compute(method, path.slice(1), url, body, project)
    if (service === 'volumev3') return this.volume(method, path.slice(2), url, body, project)
    if (service === 'network') return this.network(method, path.slice(1), url, body)
    return [200, { images: [{ id: this.id(), name: url.searchParams.get('name'), status: 'active' }] }]
  }

  /** One page by marker, as Nova, Cinder and Neutron give it. */
  private page(things: Thing[], url: URL): Thing[] {
    const marker = url.searchParams.get('marker')
    const from = marker ? things.findIndex((thing) => thing.id === marker) + 1 : 0
    return things.slice(from, from + Math.min(Number(url.searchParams.get('limit')), this.pageSize))
  }

  private identity(
    method: string,
    [collection = '', id, sub]: string[],
    url: URL,
    body: Record<string, Record<string, unknown>>,
  ): [number, unknown] {
    if (collection === 'roles') return [200, { roles: [{ id: url.searchParams.get('name'), name: url.searchParams.get('name') }] }]
    if (sub === 'users' || method === 'PATCH') return method === 'PATCH' ? [200, {}] : [204, null]
    const one = collection.slice(0, -1)
    const named = url.searchParams.get('name')
    if (method === 'GET') return [200, { [collection]: this.of(collection).filter((thing) => named === null || thing.name === named) }]
    if (method === 'DELETE') return this.drop(collection, id)
    if (this.of(collection).some((thing) => thing.name === body[one]?.name))
      return [409, { error: { code: 409, message: 'Duplicate entry' } }]
    return [201, { [one]: this.add(collection, '', body[one] ?? {}) }]
  }

  private drop(collection: string, id: string | undefined): [number, unknown] {
    const at = this.things.findIndex((thing) => thing.collection === collection && thing.id === id)
    if (at < 0) return [404, { itemNotFound: { code: 404, message: 'not found' } }]
    this.things.splice(at, 1)
    return [204, null]
  }

  private compute(
    method: string,
    path: string[],
    url: URL,
    body: Record<string, Record<string, unknown>>,
    project: string,
  ): [number, unknown] {
    const [collection = '', id] = path
    if (collection === '') return [200, { version: { id: 'v2.1', version: '2.93', min_version: '2.1' } }]
    if (collection === 'flavors') return [200, { flavors: [{ id: 'f1', name: 'small', vcpus: 2, ram: 4096, disk: 40 }] }]
    if (collection === 'os-quota-sets') return [200, { quota_set: { instances: 1, cores: -1, ram: 512 } }]
    if (method === 'DELETE') {
      const gone = this.of(collection).find((thing) => thing.id === id)
      for (const volume of this.of('volumes')) if (volume.server === gone?.id) volume.status = 'available'
      return this.drop(collection, id)
    }
    if (collection === 'os-server-groups') {
      if (method === 'GET') return [200, { server_groups: this.of(collection).filter((thing) => thing.project === project) }]
      return [200, { server_group: this.add(collection, project, body.server_group ?? {}) }]
    }
    if (method === 'GET' && url.searchParams.has('all_tenants')) {
      const servers = this.page(this.of('servers'), url)
      const more = servers.length > 0 && servers.at(-1) !== this.of('servers').at(-1)
      return [200, { servers, ...(more ? { servers_links: [{ rel: 'next', href: 'next' }] } : {}) }]
    }
    if (method === 'GET') {
      const mine = this.of('servers').filter(
        (thing) =>
          thing.project === project &&
          (!url.searchParams.has('tags') || (thing.tags as string[]).includes(url.searchParams.get('tags') ?? '')),
      )
      for (const thing of mine) thing.status = Number(thing.looks ?? 0) > 0 ? 'ACTIVE' : 'BUILD'
      for (const thing of mine) thing.looks = Number(thing.looks ?? 0) + 1
      return [200, { servers: mine }]
    }
    const asked = body.server ?? {}
    const devices = (asked.block_device_mapping_v2 as { uuid: string; source_type: string }[]).filter(
      (device) => device.source_type === 'volume',
    )
    const volumes = this.of('volumes').filter((volume) => devices.some((device) => device.uuid === volume.id))
    if (volumes.some((volume) => volume.status !== 'available'))
      return [400, { badRequest: { code: 400, message: 'Invalid volume: status must be available or downloading to reserve' } }]
    const server = this.add('servers', project, { ...asked, status: 'BUILD', created: String(this.next).padStart(9, '0') })
    for (const volume of volumes) Object.assign(volume, { status: 'in-use', server: server.id })
    return [202, { server: { id: server.id } }]
  }

  private volume(
    method: string,
    [collection = '', id]: string[],
    url: URL,
    body: Record<string, Record<string, unknown>>,
    project: string,
  ): [number, unknown] {
    if (collection === '') return [200, { versions: [{ version: '3.70' }] }]
    if (collection === 'os-quota-sets') return [200, { quota_set: { volumes: 1, gigabytes: 1 } }]
    if (method === 'GET' && url.searchParams.has('all_tenants')) {
      const volumes = this.page(this.of('volumes'), url)
      const more = volumes.length > 0 && volumes.at(-1) !== this.of('volumes').at(-1)
      return [200, { volumes, ...(more ? { volumes_links: [{ rel: 'next', href: 'next' }] } : {}) }]
    }
    if (method === 'GET') {
      const wanted = JSON.parse(url.searchParams.get('metadata') ?? '{}')['changbai-key']
      const mine = this.of('volumes').filter(
        (thing) =>
          thing.project === project && (wanted === undefined || (thing.metadata as Record<string, string>)['changbai-key'] === wanted),
      )
      return [200, { volumes: mine }]
    }
    if (method === 'DELETE') {
      if (this.of('volumes').some((thing) => thing.id === id && thing.status === 'in-use'))
        return [400, { badRequest: { code: 400, message: 'in use' } }]
      return this.drop('volumes', id)
    }
    return [202, { volume: this.add('volumes', project, { ...body.volume, status: 'available' }) }]
  }

  private network(
    method: string,
    [collection = '', id]: string[],
    url: URL,
    body: Record<string, Record<string, unknown>>,
  ): [number, unknown] {
    if (collection === 'quotas') return [200, { quota: { port: 1, network: 1, subnet: -1, floatingip: 50 } }]
    const many = { 'security-groups': 'security_groups' }[collection] ?? collection
    const one = many.slice(0, -1)
    if (method === 'DELETE') return this.drop(many, id)
    if (method === 'PUT') {
      this.add('interfaces', '', { device_id: id, fixed_ips: [{ subnet_id: body.subnet_id }] })
      return [200, {}]
    }
    if (collection === 'security-group-rules') {
      const rule = JSON.stringify(body.security_group_rule)
      if (this.of('rules').some((thing) => thing.rule === rule))
        return [409, { NeutronError: { type: 'SecurityGroupRuleExists', message: 'exists' } }]
      return [201, this.add('rules', '', { rule })]
    }
    if (method === 'GET') {
      if (url.searchParams.has('limit')) return [200, { [many]: this.page(this.of(many), url) }]
      const device = url.searchParams.get('device_id')
      if (device) return [200, { ports: this.of('interfaces').filter((thing) => thing.device_id === device) }]
      if (url.searchParams.has('router:external')) return [200, { networks: [{ id: 'external' }] }]
      return [200, { [many]: this.of(many).filter((thing) => thing.description === url.searchParams.get('description')) }]
    }
    const asked = body[one]?.floating_ip_address
    if (asked && (this.foreign.has(String(asked)) || this.of('floatingips').some((thing) => thing.floating_ip_address === asked)))
      return [409, { NeutronError: { type: 'IpAddressAlreadyAllocated', message: `IP address ${asked} already allocated in subnet` } }]
    const extra =
      many === 'ports'
        ? { fixed_ips: [{ ip_address: `10.0.0.${this.next}` }] }
        : many === 'floatingips'
          ? { floating_ip_address: asked ?? `203.0.113.${this.next}` }
          : {}
    return [201, { [one]: this.add(many, '', { ...body[one], ...extra }) }]
  }
}
