import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { healthApi } from '@changbai/contract/health.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startTestServer, type TestServer } from '../../test/harness.ts'
import { openTraces, type Traces, traced } from './trace.ts'

interface SpanSent {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  attributes: { key: string; value: { stringValue?: string } }[]
  status: { code?: number }
}

let collector: Server
let traces: Traces
let t: TestServer
const sent: SpanSent[] = []

const bodyOf = async (request: IncomingMessage): Promise<string> => Buffer.concat(await request.toArray()).toString()

beforeAll(async () => {
  collector = createServer(async (request, response) => {
    const { resourceSpans } = JSON.parse(await bodyOf(request))
    sent.push(...resourceSpans.flatMap((one: { scopeSpans: { spans: SpanSent[] }[] }) => one.scopeSpans.flatMap(({ spans }) => spans)))
    response.end('{}')
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', () => resolve()))
  traces = await openTraces(`http://127.0.0.1:${(collector.address() as AddressInfo).port}/`, '1.0.0')
  t = await startTestServer({ plan: false })
})
afterAll(async () => {
  await t.stop()
  collector.close()
})

test('a request hangs below the caller’s span, its statements below the request, and no value is told', async () => {
  const admin = await t.signedIn({ role: 'SYSTEM_ADMIN' })
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  await admin.call(healthApi.get, {}, { traceparent: `00-${traceId}-b7ad6b7169203331-01` })
  await expect(traced('outside', {}, () => Promise.reject(new Error('password=1')))).rejects.toThrow('password=1')
  await traces.close()
  await vi.waitFor(() => expect(sent.length).toBeGreaterThan(2))
  const request = sent.find(({ name }) => name === 'GET /api/health')
  expect(request).toMatchObject({ traceId, parentSpanId: 'b7ad6b7169203331' })
  const statements = sent.filter(({ name, parentSpanId }) => name === 'sql' && parentSpanId === request?.spanId)
  expect(statements.length).toBeGreaterThan(0)
  expect(statements.every((one) => one.traceId === traceId)).toBe(true)
  expect(sent.find(({ name }) => name === 'outside')?.status).toMatchObject({ code: 2 })
  expect(JSON.stringify(sent)).not.toContain('password=1')
  expect(JSON.stringify(sent)).not.toContain(admin.personId)
})
