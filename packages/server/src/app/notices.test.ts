import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { noticeKinds } from '../modules/notification/index.ts'
import { registerHandlers } from './handlers.ts'
import { silentEvents, toldAs, toldInPlace } from './silent-events.ts'
import { reactions } from './subscriptions.ts'

const SOURCES = resolve(import.meta.dirname, '..')

/** Every event any module declares, read from the sources: types leave nothing behind at run time. */
async function declaredEvents(): Promise<string[]> {
  const found: string[] = []
  for await (const file of glob('{modules,platform}/**/*.ts', { cwd: SOURCES })) {
    const text = readFileSync(resolve(SOURCES, file), 'utf8')
    for (const [, body = ''] of text.matchAll(/^ {2}interface Events \{\n([\s\S]*?)^ {2}\}/gm))
      found.push(...[...body.matchAll(/^ {4}'([\w.-]+)':/gm)].map(([, name]) => name as string))
  }
  return found.sort()
}

describe('every event reaches people in words, or is silent for a reason', async () => {
  const events = await declaredEvents()
  beforeAll(registerHandlers)

  test('events are found at all', () => expect(events.length).toBeGreaterThan(30))

  test.each(events)('%s', (event) => {
    if (silentEvents[event] !== undefined) {
      expect(silentEvents[event].length).toBeGreaterThan(20)
      expect(toldAs[event] ?? toldInPlace.has(event)).toBe(false)
      return
    }
    const worded = new Map(noticeKinds().map((kind) => [kind.event, kind]))
    for (const name of toldAs[event] ?? [event]) {
      const kind = worded.get(name)
      expect(kind, `no wording for ${name}`).toBeDefined()
      for (const text of [kind?.zh.title, kind?.zh.body, kind?.en.title, kind?.en.body]) expect(text).toBeTruthy()
    }
    const heard = reactions[event as keyof typeof reactions]?.length ?? 0
    expect(heard > 0 || toldInPlace.has(event), `nobody reacts to ${event}`).toBe(true)
  })

  test('the lists name no event that is gone', () => {
    const listed = [...Object.keys(silentEvents), ...Object.keys(toldAs), ...toldInPlace]
    expect(listed.filter((event) => !events.includes(event))).toEqual([])
  })
})

test('a wording uses only what its event offers', () => {
  registerHandlers()
  for (const { event, zh, en, placeholders } of noticeKinds()) {
    const used = [zh.title, zh.body, en.title, en.body].flatMap((text) =>
      [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string),
    )
    expect([event, ...used.filter((name) => !placeholders.includes(name))]).toEqual([event])
  }
})
