import { stateOf } from '@changbai/verify/clauses.domain.ts'
import { describe, expect, test } from 'vitest'
import { patchObligation } from './patch.clauses.ts'

const at = (text: string) => Temporal.Instant.from(`${text}+08:00`)
const due = at('2026-09-22T17:30')

describe('[5.3-10] a server of a patch round', () => {
  test.each([
    ['patched within the window', 'DONE', '2026-09-21T02:00', 'CLOSED', '2026-09-30T00:00', 'MET'],
    ['written down at the very limit', 'DONE', '2026-09-22T17:30', 'RUNNING', '2026-09-30T00:00', 'MET'],
    ['written down too late', 'DONE', '2026-09-22T17:31', 'CLOSED', '2026-09-30T00:00', 'BREACHED'],
    ['failed', 'FAILED', '2026-09-21T02:00', 'CLOSED', '2026-09-30T00:00', 'BREACHED'],
    ['left out with its reason', 'SKIPPED', '2026-09-21T02:00', 'CLOSED', '2026-09-30T00:00', 'NOT_APPLICABLE'],
    ['of a round called off', 'PENDING', null, 'CANCELLED', '2026-09-30T00:00', 'NOT_APPLICABLE'],
    ['without a result', 'PENDING', null, 'RUNNING', '2026-09-30T00:00', 'BREACHED'],
    ['not due yet', 'PENDING', null, 'PLANNED', '2026-09-20T00:00', 'OPEN'],
  ] as const)('%s', (_, result, doneAt, state, now, judged) => {
    const row = {
      id: 'a',
      server_name: 'web-1',
      tenant_id: null,
      application_id: null,
      result,
      at: doneAt ? at(doneAt) : null,
      round_id: 'r',
      number: 'BD-1',
      due_at: due,
      created_at: at('2026-09-18T10:00'),
      provisional: false,
      state,
    }
    expect(stateOf(patchObligation(row), at(now).toString())).toBe(judged)
  })
})
