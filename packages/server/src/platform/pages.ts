import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { commonProblems } from '@changbai/contract/problem.ts'
import fastifyStatic from '@fastify/static'
import { fail } from './fail.ts'
import type { App } from './mount.ts'

/** Serves the built web: hashed assets for a year, the page itself fresh each time with this reply's style nonce. */
export async function servePages(app: App, folder: string): Promise<void> {
  const index = join(folder, 'index.html')
  if (!existsSync(index)) {
    app.log.warn({ folder }, 'the web is not built; only the API is served')
    return
  }
  const html = await readFile(index, 'utf8')
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    wildcard: false,
    preCompressed: true,
    setHeaders(reply, path) {
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'public, max-age=300')
    },
  })
  // a route, because the handler for what is not found is set already, for every method
  app.get('/*', async (request, reply) => {
    const isPage = !request.url.startsWith('/api/') && !/\.\w{1,5}$/.test(request.url.split('?')[0] ?? '')
    if (!isPage) return fail(commonProblems.notFound)
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(html.replaceAll('__CSP_NONCE__', reply.cspNonce.style))
  })
}
