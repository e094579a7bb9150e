import type { Endpoint, InputSent } from '@changbai/contract/endpoint.ts'
import { exportsApi } from '@changbai/contract/exports.ts'
import type { Answer, Client, TestServer } from './harness.ts'

/** Takes an export that needs a second person, with the word of one. */
export async function takeApproved<E extends Endpoint>(
  t: TestServer,
  client: Client,
  e: E,
  input: InputSent<E>,
  headers: Record<string, string> = {},
): Promise<Answer<E>> {
  const asked = await client.call(exportsApi.ask, { path: e.path, input: input as Record<string, unknown>, reason: '测试' })
  const second = await t.signedIn({ role: 'SECURITY_ADMIN', name: '安全管理员' })
  await second.call(exportsApi.decide, { exportId: asked.id, approve: true })
  return client.send(e, input, { ...headers, 'x-export-approval': asked.id })
}
