import type { Stage } from './stage.ts'

/** A full house in the year up to the end of May 2026: servers, volumes, incidents with their clocks, calls and rounds of twelve months. */
export async function fillHouse(stage: Pick<Stage, 'sql'>, servers: number): Promise<void> {
  const tenant = (
    await stage.sql<{ id: string }>(`insert into tenant (id, code, name, short_name, status, created_at)
    values (gen_random_uuid(), 'bench', '测量单位', '测量', 'ACTIVE', now()) returning id`)
  )[0]?.id
  const at = `timestamptz '2025-06-01 00:00+08' + n * interval '365 days' /`
  await stage.sql(`insert into application (id, tenant_id, name, code, env, mlps_level, state, created_at, updated_at)
    select gen_random_uuid(), '${tenant}', '应用 ' || n, 'app-' || n, 'PROD', 2, 'ONLINE', now(), now() from generate_series(1, 1000) n`)
  await stage.sql(`insert into server (id, kind, tenant_id, name, env, state, vcpu, mem_gib, root_gib, created_at, updated_at)
    select gen_random_uuid(), case when n % 20 = 0 then 'baremetal' else 'vm' end, '${tenant}', 'srv-' || n, 'PROD', 'ACTIVE', 8, 16, 100,
           ${at} ${servers}, now() from generate_series(1, ${servers}) n`)
  await stage.sql(`insert into volume (id, kind, tenant_id, name, env, state, gib, created_at, updated_at)
    select gen_random_uuid(), 'block', '${tenant}', 'vol-' || n, 'PROD', 'ACTIVE', 500, ${at} 20000, now() from generate_series(1, 20000) n`)
  await stage.sql(`insert into incident (id, number, title, symptom, criteria, severity, top_severity, first_severity, status, source, tenant_id, reporter_name,
      reporter_phone, is_security, reported_at, clock_start_at, held, limits, rev, created_at, updated_at, closed_at)
    select gen_random_uuid(), 'GZ-' || n, '故障 ' || n, '现象', '{ERROR_OR_WARNING}', s, s, s, 'CLOSED', 'HOTLINE', '${tenant}', '张三', '', n % 9 = 0, t, t, false, '{}', 1, t, t, t
    from (select n, (array['I', 'II', 'III', 'III', 'IV'])[1 + n % 5] as s, ${at} 6000 as t from generate_series(1, 6000) n) made`)
  await stage.sql(`insert into incident_clock (incident_id, clock, level, start_at, due_at, done_at, judgments, warned)
    select id, c, severity, clock_start_at, clock_start_at + interval '3 hours', clock_start_at + interval '1 hour', '[]', 0
    from incident, unnest(array['response', 'plan', 'solution']) c`)
  await stage.sql(`insert into hotline_call (id, line, called_at, answered_at, agent_id, agent_name, caller_name, caller_org, phone, phone_digits, type, content, result, created_at)
    select gen_random_uuid(), 'DESK', ${at} 20000, ${at} 20000, (select id from person limit 1), '刘畅', '王五', '某局', '', '', 'CONSULT', '咨询', '已答复', now()
    from generate_series(1, 20000) n where exists (select from person)`)
  await stage.sql(`insert into inspection_round (id, number, kind, on_day, window_key, window_from, window_to, inspector_id, inspector_name, client_key, check_in, items,
      started_at, done_at, received_at, conclusion, valid)
    select gen_random_uuid(), 'XJ-' || n, (array['FACILITY', 'PLATFORM', 'TENANT_SERVICE'])[1 + n % 3], t::date, 'F1', t, t + interval '8 hours', gen_random_uuid(), '马骏',
           'key-' || n, '{}', '[]', t, t + interval '1 hour', t + interval '1 hour', 'NORMAL', true
    from (select n, ${at} 2190 as t from generate_series(1, 2190) n) made`)
  await stage.sql('analyze')
}
