import type { Endpoint } from '@changbai/contract/endpoint.ts'
import { z } from 'zod'

interface Schema {
  type?: string | string[]
  format?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  minItems?: number
  properties?: Record<string, Schema>
  required?: string[]
  minimum?: number
  exclusiveMinimum?: number
  minLength?: number
}

const byFormat: Record<string, string> = {
  uuid: '0198f0a0-0000-7000-8000-000000000001',
  date: '2026-09-18',
  'date-time': '2026-09-18T07:00:00Z',
  email: 'somebody@example.cn',
  uri: 'https://example.cn/',
  time: '09:00:00',
}

/** What stands in free text, and whether members that may be left out are filled, too. */
interface Filling {
  text?: string
  optional?: boolean
}

function sample(schema: Schema, filling: Filling): unknown {
  if (schema.default !== undefined && !filling.optional) return schema.default
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const choice = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (choice?.[0]) return sample(choice[0], filling)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'string':
      return byFormat[schema.format ?? ''] ?? filling.text ?? 'sample'.padEnd(Math.min(schema.minLength ?? 0, 200), 'x')
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, (schema.exclusiveMinimum ?? 0) + 1)
    case 'boolean':
      return true
    case 'array':
      return Array.from({ length: schema.minItems ?? (filling.optional ? 1 : 0) }, () => sample(schema.items ?? {}, filling))
    case 'object':
      return Object.fromEntries(
        (filling.optional ? Object.keys(schema.properties ?? {}) : (schema.required ?? [])).map((name) => [
          name,
          sample(schema.properties?.[name] ?? {}, filling),
        ]),
      )
    default:
      return null
  }
}

/** The smallest input of the right shape; patterns are not read, so some of it is refused as invalid, and that is an answer, too. */
export function sampleInput(e: Endpoint, filling: Filling = {}): Record<string, unknown> {
  const schema = z.toJSONSchema(e.input, { io: 'input', unrepresentable: 'any' }) as Schema
  return sample(schema, filling) as Record<string, unknown>
}

/** The members of the input that stand in the path. */
export const pathParameters = (e: Endpoint): string[] => [...e.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
