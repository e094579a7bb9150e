import type { App } from '../platform/mount.ts'
import { productVersion } from '../platform/version.ts'
import { apis } from './apis.ts'
import { openApiDocument } from './openapi.ts'

type Json = Record<string, unknown>
interface Operation {
  operationId: string
  summary: string
  description: string
  parameters?: { name: string; in: string; required: boolean; schema?: Json }[]
  requestBody?: { content: Record<string, { schema?: Json }> }
  responses: Record<string, { description: string; content?: Record<string, { schema?: Json }> }>
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const safe = (text: string): string => text.replace(/[&<>"]/g, (one) => ENTITIES[one] as string)
const code = (text: string): string => safe(text).replace(/`([^`]+)`/g, '<code>$1</code>')

const STYLE = `body{font:15px/1.6 sans-serif;color:#15211d;background:#f3f6f5;margin:0}main{max-width:960px;margin:0 auto;padding:24px}
nav a{margin-right:12px}a{color:#175b86}section{background:#fff;border:1px solid #e2e8e5;border-radius:8px;margin:0 0 16px;padding:4px 20px}
details{border-top:1px solid #e2e8e5;padding:8px 0}section>h2+details{border:0}summary{cursor:pointer}b.verb{display:inline-block;min-width:64px}
pre{background:#f8faf9;border:1px solid #e2e8e5;border-radius:6px;padding:12px;overflow:auto;max-height:420px;font-size:12px}table{border-collapse:collapse}
td,th{text-align:left;padding:4px 16px 4px 0;vertical-align:top;font-weight:400}p{margin:6px 0}`

const schemaBlock = (title: string, content: Record<string, { schema?: Json }> | undefined): string => {
  const [type, body] = Object.entries(content ?? {})[0] ?? []
  return body?.schema ? `<p>${title} <code>${safe(String(type))}</code></p><pre>${safe(JSON.stringify(body.schema, null, 2))}</pre>` : ''
}

function operationBlock(path: string, verb: string, op: Operation): string {
  const parameters = (op.parameters ?? []).map(
    (one) =>
      `<tr><td><code>${safe(one.name)}</code></td><td>${one.in}${one.required ? '' : ' · optional'}</td><td><code>${safe(JSON.stringify(one.schema ?? {}))}</code></td></tr>`,
  )
  const refusals = Object.entries(op.responses)
    .filter(([status]) => Number(status) >= 400)
    .map(([status, reply]) => `<tr><td>${status}</td><td>${code(reply.description).replaceAll('\n\n', '<br>')}</td></tr>`)
  return `<details id="${safe(op.operationId)}"><summary><b class="verb">${verb.toUpperCase()}</b> <code>${safe(path)}</code> ${safe(op.summary)}</summary>
<p>${code(op.description)}</p>${parameters.length > 0 ? `<table>${parameters.join('')}</table>` : ''}
${schemaBlock('Input', op.requestBody?.content)}${schemaBlock('Reply', op.responses[200]?.content)}
${refusals.length > 0 ? `<p>Refusals</p><table>${refusals.join('')}</table>` : ''}</details>`
}

/** The document as a page that needs no script. */
export function referencePage(document: Json, nonce: string): string {
  const byModule = new Map<string, string[]>()
  for (const [path, verbs] of Object.entries(document.paths as Record<string, Record<string, Operation & { tags: string[] }>>)) {
    for (const [verb, op] of Object.entries(verbs)) {
      const module = op.tags[0] ?? ''
      byModule.set(module, [...(byModule.get(module) ?? []), operationBlock(path, verb, op)])
    }
  }
  const names = [...byModule.keys()]
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Changbai API</title><style nonce="${nonce}">${STYLE}</style></head><body><main><h1>Changbai API</h1>
<p>OpenAPI 3.1: <a href="/api/openapi.json">/api/openapi.json</a></p><nav>${names.map((name) => `<a href="#${name}">${name}</a>`).join(' ')}</nav>
${names.map((name) => `<section id="${name}"><h2>${name}</h2>${byModule.get(name)?.join('') ?? ''}</section>`).join('')}</main></body></html>`
}

/** The OpenAPI document and its readable page; both are computed once, at the first visit. */
export function referenceRoutes(app: App): void {
  let document: Json | undefined
  const read = (): Json => {
    document ??= openApiDocument(apis, productVersion())
    return document
  }
  app.get('/api/openapi.json', async () => read())
  app.get('/reference', async (_request, reply) => reply.type('text/html; charset=utf-8').send(referencePage(read(), reply.cspNonce.style)))
}
