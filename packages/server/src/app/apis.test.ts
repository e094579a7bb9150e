import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../test/harness.ts'
import { apis } from './apis.ts'

let t: TestServer
beforeAll(async () => {
  t = await startTestServer({ plan: false })
})
afterAll(() => t?.stop())

test('the document names what the server answers, and nothing else', () => {
  const names = (endpoints: readonly { method: string; path: string }[]) => endpoints.map(({ method, path }) => `${method} ${path}`).sort()
  expect(names(Object.values(apis).flatMap((api) => Object.values(api)))).toEqual(names(t.server.app.endpoints))
})
