import { randomUUID } from 'node:crypto'
import { pause } from './programs.mjs'

/** A signed-in caller that behaves as the browser does: a command keeps its key until it was answered. */
export async function signIn(base, name, password) {
  const answer = await fetch(`${base}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ signIn: name, password }),
  })
  if (!answer.ok) throw new Error(`sign-in of ${name}: ${answer.status} ${await answer.text()}`)
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const ask = async (method, path, body, key) => {
    const reply = await fetch(`${base}/api${path}`, {
      method,
      headers: { cookie, 'content-type': 'application/json', ...(key ? { 'idempotency-key': key } : {}) },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
      signal: AbortSignal.timeout(20_000),
    })
    return { status: reply.status, body: await reply.json().catch(() => null) }
  }
  return { ask, session: await ask('GET', '/session') }
}

/**
 * Writes and reads through the API until stopped. A write that fails is sent again with the same key until it is acknowledged, as the web does.
 * @returns what was acknowledged and when, and every answer that was no success
 */
export function runLoad(caller, { writers, readers, write, read }) {
  let stopped = false
  const acknowledged = []
  const readAt = []
  const errors = []
  const note = (kind, problem) => errors.push({ at: Date.now(), kind, problem })
  const tryOnce = async (kind, ask) => {
    try {
      const answer = await ask()
      if (answer.status < 300) return answer
      note(kind, `${answer.status} ${answer.body?.type ?? ''}`)
    } catch (error) {
      note(kind, error.cause?.code ?? error.name)
    }
    return null
  }
  const writer = async (n) => {
    for (let i = 0; !stopped; i++) {
      const key = randomUUID()
      const label = `load ${n}-${i} ${key.slice(0, 8)}`
      let done = null
      while (!done && !stopped) {
        done = await tryOnce('write', () => write(caller, label, key))
        if (!done) await pause(200)
      }
      if (done) acknowledged.push({ at: Date.now(), label, id: done.body.id })
      await pause(30)
    }
  }
  const reader = async () => {
    while (!stopped) {
      if (await tryOnce('read', () => read(caller))) readAt.push(Date.now())
      await pause(50)
    }
  }
  const running = [...Array.from({ length: writers }, (_, n) => writer(n)), ...Array.from({ length: readers }, reader)]
  return {
    acknowledged,
    readAt,
    errors,
    async stop() {
      stopped = true
      await Promise.all(running)
    },
  }
}

/** The longest time between two acknowledgements, milliseconds. */
export const longestGap = (times) => times.reduce((gap, at, i) => (i === 0 ? 0 : Math.max(gap, at - times[i - 1])), 0)

export const tally = (errors) => {
  const counts = {}
  for (const { kind, problem } of errors) counts[`${kind}: ${problem}`] = (counts[`${kind}: ${problem}`] ?? 0) + 1
  return counts
}

/** From the fault to the end of the longest silence that followed it, milliseconds: answers already under way come before it. */
export function recoveryAfter(faultAt, times) {
  const after = [faultAt, ...times.filter((at) => at > faultAt)]
  const gaps = after.slice(1).map((at, i) => ({ end: at, gap: at - after[i] }))
  const longest = gaps.reduce((most, one) => (one.gap > most.gap ? one : most), { end: faultAt, gap: 0 })
  return longest.end - faultAt
}
