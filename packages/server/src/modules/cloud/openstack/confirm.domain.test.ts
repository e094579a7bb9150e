import { openstackSettings } from '@changbai/contract/cloud.ts'
import { describe, expect, test } from 'vitest'
import type { Acting } from '../action.ts'
import { actOnServer } from './act-server.ts'
import type { Answer } from './answer.ts'
import { Session, strangers } from './session.ts'

const at = Temporal.Instant.from('2026-09-18T07:00:00Z')
const settings = openstackSettings.parse({ authUrl: 'http://127.0.0.1:1/v3', userName: 'admin', projectName: 'demo' })
const answerOf = (status: number, body: unknown): Answer => ({ status, headers: new Headers(), body, text: JSON.stringify(body) })
const server = (status: string) =>
  answerOf(200, { server: { id: 's', status, flavor: { original_name: 'm1.small', vcpus: 1, ram: 2048, disk: 20 }, image: { id: 'i' } } })

/** A Nova that answers as it is told, in order. */
class Told extends Session {
  readonly asked: string[] = []
  readonly #looks: Answer[]
  readonly #orders: Answer[]
  constructor(looks: Answer[], orders: Answer[]) {
    super(settings, 'secret', at, strangers())
    this.#looks = looks
    this.#orders = orders
  }
  override async call(method: string): Promise<Answer> {
    if (method === 'GET') return this.#looks.shift() ?? server('ACTIVE')
    this.asked.push(method)
    return this.#orders.shift() ?? answerOf(500, {})
  }
}
const acting = (accepted: boolean): Acting => ({
  key: 'k',
  kind: 'server',
  externalId: 's',
  projectId: null,
  action: { do: 'confirmResize', vcpu: 1, memMiB: 2048, flavor: null },
  accepted,
  mayAsk: true,
  intendedAt: at,
  at,
})
const act = async (nova: Told, accepted: boolean) => (await actOnServer(nova, acting(accepted), AbortSignal.timeout(1_000))).is

describe('a resize is confirmed', () => {
  test('a busy Nova still shows VERIFY_RESIZE and knows of no resize any more: that is work under way, not a refusal', async () => {
    const gone = answerOf(400, { badRequest: { code: 400, message: 'Instance has not been resized.' } })
    const nova = new Told([server('VERIFY_RESIZE'), server('VERIFY_RESIZE'), server('ACTIVE')], [answerOf(204, null), gone])
    expect([await act(nova, false), await act(nova, true), await act(nova, true)]).toEqual(['working', 'working', 'done'])
    expect(nova.asked).toHaveLength(2)
  })
  test('another refusal is told', async () => {
    const nova = new Told([server('VERIFY_RESIZE')], [answerOf(400, { badRequest: { code: 400, message: 'Flavor is wrong.' } })])
    expect(await act(nova, false)).toBe('refused')
  })
})
