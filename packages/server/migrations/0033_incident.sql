-- Incidents: one history of facts each, three clocks folded from it, and what is written about it afterwards.

create table incident (
  id                  uuid primary key,
  number              text not null unique,
  title               text not null,
  symptom             text not null,
  criteria            text[] not null,
  severity            text not null check (severity in ('I', 'II', 'III', 'IV')),
  top_severity        text not null check (top_severity in ('I', 'II', 'III', 'IV')),
  first_severity      text not null check (first_severity in ('I', 'II', 'III', 'IV')),
  status              text not null,
  source              text not null,
  source_key          text,
  tenant_id           uuid references tenant (id),
  application_id      uuid,
  reporter_id         uuid references person (id),
  reporter_name       text not null,
  reporter_phone      text not null,
  handler_id          uuid references person (id),
  handler_name        text,
  is_security         boolean not null,
  detected_at         timestamptz,
  reported_at         timestamptz not null,
  clock_start_at      timestamptz not null,
  scheduled_for       timestamptz,
  held                boolean not null,
  -- the limits in force when it began: a later change of the plan rewrites no judgement
  limits              jsonb not null,
  merged_into_id      uuid references incident (id),
  parent_id           uuid references incident (id),
  plan                jsonb,
  report              jsonb,
  report_due_at       timestamptz,
  postmortem          jsonb,
  postmortem_due_at   timestamptz,
  level_asked         jsonb,
  rating              jsonb,
  instance_id         uuid,
  task_id             uuid,
  node                text,
  rev                 integer not null,
  created_at          timestamptz not null,
  updated_at          timestamptz not null,
  closed_at           timestamptz
);
create index incident_open on incident (id desc) where status <> 'CLOSED';
create index incident_tenant on incident (tenant_id, id desc);
create index incident_application on incident (application_id, id desc);
create index incident_severity on incident (severity, id desc);
create index incident_reporter on incident (reporter_id, id desc);
create index incident_handler on incident (handler_id, id desc);
create index incident_parent on incident (parent_id) where parent_id is not null;
create index incident_merged on incident (merged_into_id) where merged_into_id is not null;
create index incident_text on incident using gin (zh_grams(number || ' ' || title || ' ' || reporter_name));
-- one alarm opens one incident at a time
create unique index incident_source_once on incident (source_key) where source_key is not null and status <> 'CLOSED';

-- What happened, append only; the clocks are folded from it.
create table incident_event (
  id           uuid primary key,
  incident_id  uuid not null references incident (id),
  kind         text not null,
  at           timestamptz not null,
  recorded_at  timestamptz not null,
  by_id        uuid,
  by_name      text not null,
  text         text not null,
  level        text,
  for_at       timestamptz
);
create index incident_event_of on incident_event (incident_id, at, id);
create function incident_event_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'incident_event is append-only';
end $$;
create trigger incident_event_append_only before update or delete on incident_event
  for each statement execute function incident_event_is_append_only();

-- One row a clock, written anew from the facts whenever one arrives. `next_at` is when the next warning is due.
create table incident_clock (
  incident_id  uuid not null references incident (id),
  clock        text not null check (clock in ('response', 'plan', 'solution')),
  level        text not null,
  start_at     timestamptz not null,
  due_at       timestamptz not null,
  done_at      timestamptz,
  judgments    jsonb not null,
  warned       integer not null,
  next_at      timestamptz,
  primary key (incident_id, clock)
);
create index incident_clock_next on incident_clock (next_at) where next_at is not null;

create table incident_leader_notice (
  id           uuid primary key,
  incident_id  uuid not null references incident (id),
  person_id    uuid not null references person (id),
  at           timestamptz not null,
  ack_at       timestamptz,
  unique (incident_id, person_id)
);

create table incident_action (
  id             uuid primary key,
  incident_id    uuid not null references incident (id),
  description    text not null,
  type           text not null,
  owner_id       uuid not null references person (id),
  due_on         date not null,
  verify_method  text not null,
  state          text not null check (state in ('OPEN', 'DONE', 'VERIFIED')),
  done_at        timestamptz,
  verified_at    timestamptz,
  verified_by    uuid references person (id)
);
create index incident_action_of on incident_action (incident_id, due_on);
create index incident_action_open on incident_action (due_on) where state = 'OPEN';
