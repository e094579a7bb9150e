import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A way to the cloud on which single answers are lost after the cloud has done the work. */
export class LossyProxy {
  private readonly server: Server
  private readonly targets = new Map<string, string>()
  /** How many answers to a POST whose path ends so are still to be lost. */
  readonly lose = new Map<string, number>()
  lost = 0
  url = ''

  constructor(authUrl: string) {
    this.targets.set('identity', authUrl)
    this.server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const [, service = '', rest = ''] = /^\/([^/]+)(.*)$/.exec(request.url ?? '') ?? []
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length', 'transfer-encoding'].includes(name)),
      ) as Record<string, string>
      const answer = await fetch((this.targets.get(service) ?? '') + rest, {
        method: request.method ?? 'GET',
        headers,
        ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      })
      let text = await answer.text()
      if (rest === '/auth/tokens') text = this.throughHere(text)
      for (const [ending, left] of this.lose) {
        if (request.method !== 'POST' || left === 0 || !new URL(rest, this.url).pathname.endsWith(ending)) continue
        this.lose.set(ending, left - 1)
        this.lost += 1
        return // the cloud has done it; nobody will know
      }
      const out: Record<string, string> = { 'content-type': answer.headers.get('content-type') ?? 'text/plain' }
      const token = answer.headers.get('x-subject-token')
      if (token) out['x-subject-token'] = token
      response.writeHead(answer.status, out).end(text)
    })
  }

  /** The services of the catalogue, by way of this proxy. */
  private throughHere(text: string): string {
    const body = JSON.parse(text) as { token?: { catalog?: { type: string; endpoints: { url: string }[] }[] } }
    for (const { type, endpoints } of body.token?.catalog ?? []) {
      // its address is configured, not found in the catalogue
      if (type === 'identity') continue
      for (const endpoint of endpoints) {
        const { origin, pathname } = new URL(endpoint.url)
        this.targets.set(type, origin)
        endpoint.url = `${this.url}/${type}${pathname === '/' ? '' : pathname}`
      }
    }
    return JSON.stringify(body)
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }
  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}
