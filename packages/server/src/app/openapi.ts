import type { Access, Endpoint } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { z } from 'zod'

type Json = Record<string, unknown>

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' }) as Json
  return rest
}

const whoMayCall = (access: Access): string =>
  access === 'public'
    ? 'Everybody.'
    : access === 'signed-in'
      ? 'Everybody signed in.'
      : `Holders of ${access.anyOf.map((one) => `\`${one.capability}\` ${one.verb}`).join(' or ')}.`

function operation(module: string, name: string, e: Endpoint): Json {
  const input = schemaOf(e.input, 'input')
  const properties = (input.properties ?? {}) as Record<string, Json>
  const required = new Set((input.required ?? []) as string[])
  const inPath = [...e.path.matchAll(/:(\w+)/g)].map((match) => match[1] as string)
  const others = Object.keys(properties).filter((key) => !inPath.includes(key))
  const parameters = [
    ...inPath.map((key) => ({ name: key, in: 'path', required: true, schema: properties[key] ?? { type: 'string' } })),
    ...(e.method === 'GET' || e.kind === 'file'
      ? others.map((key) => ({ name: key, in: 'query', required: required.has(key), schema: properties[key] }))
      : []),
    ...(e.method === 'GET'
      ? []
      : [{ name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', minLength: 8, maxLength: 100 } }]),
  ]
  const body =
    e.kind === 'file'
      ? {
          'multipart/form-data': {
            schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } }, required: ['file'] },
          },
        }
      : {
          'application/json': {
            schema:
              inPath.length === 0
                ? input
                : {
                    ...input,
                    properties: Object.fromEntries(others.map((key) => [key, properties[key]])),
                    required: others.filter((key) => required.has(key)),
                  },
          },
        }
  const replyType = e.kind === 'events' ? 'text/event-stream' : e.kind === 'download' ? 'application/octet-stream' : 'application/json'
  const problems = [
    commonProblems.invalid,
    ...(e.access === 'public' ? [] : [commonProblems.notSignedIn]),
    ...(typeof e.access === 'string' ? [] : [commonProblems.forbidden]),
    ...e.problems,
  ]
  const byStatus = Map.groupBy(problems, (one) => one.status)
  return {
    operationId: `${module}.${name}`,
    tags: [module],
    summary: e.summary,
    description: whoMayCall(e.access),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(e.method === 'GET' || (others.length === 0 && e.kind !== 'file') ? {} : { requestBody: { required: true, content: body } }),
    responses: {
      200: {
        description: 'Done',
        content: { [replyType]: e.kind === 'json' || e.kind === 'file' ? { schema: schemaOf(e.reply, 'output') } : {} },
      },
      ...Object.fromEntries(
        [...byStatus].map(([status, kinds]) => [
          status,
          {
            description: kinds.map((one) => `\`${one.kind}\`: ${one.title.en}`).join('\n\n'),
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
    },
    ...(e.access === 'public' ? { security: [] } : {}),
  }
}

/** The OpenAPI 3.1 document of everything in the contract; `apis` by module name. */
export function openApiDocument(apis: Record<string, Record<string, Endpoint>>, version: string): Json {
  const paths: Record<string, Json> = {}
  for (const [module, api] of Object.entries(apis)) {
    for (const [name, e] of Object.entries(api)) {
      const path = `/api${e.path.replace(/:(\w+)/g, '{$1}')}`
      paths[path] = { ...paths[path], [e.method.toLowerCase()]: operation(module, name, e) }
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Changbai 长白', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    security: [{ session: [] }],
    tags: Object.keys(apis).map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'changbai.session' } },
      schemas: {
        Problem: {
          type: 'object',
          required: ['type', 'title', 'status'],
          properties: {
            type: { type: 'string' },
            title: { type: 'string' },
            status: { type: 'integer' },
            instance: { type: 'string', description: 'Reference of the request, as in the log' },
            errors: {
              type: 'array',
              items: {
                type: 'object',
                required: ['path', 'code', 'message'],
                properties: { path: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  }
}
