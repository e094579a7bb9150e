-- Which tables that clauses are judged by were changed, and by which transaction: with a snapshot taken before, it tells exactly what was committed since.
-- Rows are added only, so nobody waits for anybody; they are forgotten after a day.
create table clause_touch (
  name text not null,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default now(),
  primary key (xid, name)
);
create index clause_touch_at on clause_touch (at);
-- Tells databases of one process apart: figures of one are none of another.
create table clause_touch_home (id uuid not null default gen_random_uuid());
insert into clause_touch_home default values;

create function clause_touched() returns trigger language plpgsql as $$
begin
  insert into clause_touch (name) values (tg_table_name) on conflict do nothing;
  return null;
end $$;

-- A clause that is judged by anything else is judged anew each time.
do $$
declare
  one text;
begin
  foreach one in array array[
    'admission', 'alarm', 'alarm_reported', 'alarm_rule', 'application', 'assessment', 'assessment_issue', 'availability_account', 'availability_chain',
    'base_parameters', 'board_signature', 'calendar_day', 'calendar_state', 'calendar_year', 'capacity_plan', 'change_request', 'clause_waiver', 'cloud_reading', 'component',
    'coordination', 'drift', 'duty_officer', 'duty_shift', 'flavor', 'form_version', 'guidance', 'hardware_acceptance_test', 'hardware_model', 'hotline_call',
    'image', 'incident', 'incident_action', 'incident_clock', 'incident_event', 'incident_leader_notice', 'inspection_round', 'log_review', 'meeting', 'meeting_ack',
    'migration', 'network', 'observed_thing', 'optimisation', 'patch_round', 'patch_target', 'person', 'plan_state', 'planned_downtime', 'planning_paper', 'policy_check',
    'problem_incident', 'reclaim_case', 'reclaim_part', 'report', 'request', 'role_grant', 'security_order', 'security_service', 'server', 'service_request', 'tenant',
    'training', 'training_exam', 'training_material', 'training_person', 'volume', 'work_order', 'work_order_credential', 'work_order_event', 'work_order_line']
  loop
    execute format('create trigger clause_touched after insert or update or delete on %I for each statement execute function clause_touched()', one);
    execute format('create trigger clause_touched_whole after truncate on %I for each statement execute function clause_touched()', one);
  end loop;
end $$;

-- Readings go on every two minutes and that changes nothing that is over: only a stretch that is written with a past, or one that goes away, does.
create function alarm_reading_touched() returns trigger language plpgsql as $$
begin
  if exists (select from added where first_at < last_at) then
    insert into clause_touch (name) values (tg_table_name) on conflict do nothing;
  end if;
  return null;
end $$;
create trigger clause_touched_past after insert on alarm_reading referencing new table as added for each statement execute function alarm_reading_touched();
create trigger clause_touched after delete on alarm_reading for each statement execute function clause_touched();
