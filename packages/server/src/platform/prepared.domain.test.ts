import { describe, expect, test } from 'vitest'
import { isPlannedOnce, isStalePlan } from './prepared.ts'

describe('what is planned once', () => {
  test.each([
    ['insert into "ledger_fact" ("id", "at") values ($1, $2)', true],
    [
      'insert into incident_clock (a) select r.a from jsonb_to_recordset($1::jsonb) as r(a uuid) on conflict (a) do update set b = 1 where x is distinct from y',
      true,
    ],
    ['insert into "cloud_reading" ("id") values ($1) on conflict ("connection_id") where "status" = $2 do nothing', false],
    ['insert into report select id from incident where closed_at > $1', false],
    ['select * from "incident" where "id" = $1 for no key update', true],
    ['select * from "incident_event" where "incident_id" in ($1, $2) order by "at"', true],
    ['update "incident" set "node" = $1, "rev" = rev + 1 where "id" = $2 returning *', true],
    ['select wf_save($1::jsonb)', true],
    ['select "revision" from "plan_state"', true],
    ['select s.id from session s join person p on p.id = s.person_id where s.digest = $1 and s.ended_at is null', true],
    ['select * from incident where status <> $1 order by id desc limit $2', false],
    ['select * from notice where "person_id" = $1 order by id desc limit 20', false],
    ['select * from duty_page where state = $1 and next_at <= $2', false],
    ['select * from incident where title ilike $1', false],
  ])('%s', (text, expected) => expect(isPlannedOnce(text)).toBe(expected))
})

test('a plan that a migration has overtaken is told from what is not supported at all', () => {
  expect(isStalePlan({ code: '0A000', message: 'cached plan must not change result type' })).toBe(true)
  expect(isStalePlan({ code: '0A000', message: 'FOR UPDATE is not allowed with aggregate functions' })).toBe(false)
})
