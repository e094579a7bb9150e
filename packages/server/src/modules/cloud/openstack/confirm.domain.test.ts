import { openstackSettings } from '@changbai/contract/cloud.ts'
import { describe, expect, test } from 'vitest'
import type { Acting, Action } from '../action.ts'
import { actOnServer } from './act-server.ts'
import type { Answer } from './answer.ts'
import { type CallOptions, Session, strangers } from './session.ts'

const at = Temporal.Instant.from('2026-09-18T07:00:00Z')
const settings = openstackSettings.parse({ authUrl: 'http://127.0.0.1:1/v3', userName: 'admin', projectName: 'demo' })
const answerOf = (status: number, body: unknown): Answer => ({ status, headers: new Headers(), body, text: JSON.stringify(body) })
const sizes = {
  tiny: { name: 'm1.tiny', vcpus: 1, ram: 512, disk: 1 },
  small: { name: 'm1.small', vcpus: 1, ram: 2048, disk: 20 },
  medium: { name: 'm1.medium', vcpus: 2, ram: 4096, disk: 40 },
} as const
const server = (status: string, size: keyof typeof sizes = 'small', image: object | string = { id: 'i' }) => {
  const { name, ...flavor } = sizes[size]
  return answerOf(200, { server: { id: 's', status, flavor: { original_name: name, ...flavor }, image } })
}

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
  override async call(method: string, _service: string, path: string, _signal: AbortSignal, options: CallOptions = {}): Promise<Answer> {
    if (path.startsWith('/flavors')) return answerOf(200, { flavors: Object.values(sizes).map((size) => ({ id: size.name, ...size })) })
    if (method === 'GET') return this.#looks.shift() ?? server('ACTIVE')
    this.asked.push(JSON.stringify(options.body))
    return this.#orders.shift() ?? answerOf(500, {})
  }
}
const acting = (accepted: boolean, action: Action = { do: 'confirmResize', vcpu: 1, memMiB: 2048, flavor: null }): Acting => ({
  key: 'k',
  kind: 'server',
  externalId: 's',
  projectId: null,
  action,
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

describe('the larger size brought a larger system disk', () => {
  const small = { vcpu: 1, memMiB: 2048, flavor: null }
  const step = async (nova: Told, action: Action, accepted = false) =>
    await actOnServer(nova, acting(accepted, action), AbortSignal.timeout(1_000))
  test('what waits to be confirmed is reverted, never confirmed in place of it', async () => {
    const nova = new Told([server('VERIFY_RESIZE', 'medium'), server('ACTIVE', 'small')], [answerOf(202, null)])
    expect((await step(nova, { do: 'restoreSize', ...small })).is).toBe('working')
    expect(nova.asked).toEqual([JSON.stringify({ revertResize: null })])
    expect(await step(nova, { do: 'restoreSize', ...small }, true)).toMatchObject({ is: 'done', facts: { size: 'm1.small' } })
  })
  test.each(['resize', 'restoreSize'] as const)('%s to a size whose disk is smaller is refused, not called done', async (order) => {
    const nova = new Told([server('ACTIVE', 'medium')], [])
    await expect(step(nova, { do: order, ...small })).rejects.toThrow('which cannot shrink')
    expect(nova.asked).toEqual([])
  })
  test('a system disk that is a volume has no such limit', async () => {
    const nova = new Told([server('ACTIVE', 'medium', '')], [answerOf(202, null)])
    expect((await step(nova, { do: 'resize', ...small })).is).toBe('working')
    expect(nova.asked).toEqual([JSON.stringify({ resize: { flavorRef: 'm1.small' } })])
  })
})
