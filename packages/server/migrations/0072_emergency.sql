-- Emergency plans with their runbooks, what was set going under them, in earnest or as a drill, and proof that people were reached.

create table emergency_plan (
  id            uuid primary key,
  -- YA-yyyymmdd-nnnn
  number        text not null unique,
  name          text not null,
  scenario      text not null,
  triggers      text not null,
  rto_minutes   integer not null check (rto_minutes between 1 and 100000),
  -- the runbook: a process whose key begins with emergency-
  process_key   text not null,
  -- who is called, in order: {personId, duty}
  contacts      jsonb not null,
  -- by step of the runbook: what is ticked off there
  checklists    jsonb not null,
  version       integer not null,
  state         text not null check (state in ('DRAFT', 'APPROVED', 'RETIRED')),
  review_on     date,
  edited_by     uuid not null references person (id),
  edited_by_name text not null,
  approved_by_name text,
  approved_at   timestamptz,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  check (state <> 'APPROVED' or (approved_at is not null and review_on is not null))
);
create index emergency_plan_review on emergency_plan (review_on) where state = 'APPROVED';

create table emergency (
  id              uuid primary key,
  -- YJ-yyyymmdd-nnnn, a drill YL-yyyymmdd-nnnn
  number          text not null unique,
  mode            text not null check (mode in ('REAL', 'DRILL')),
  plan_id         uuid not null references emergency_plan (id),
  -- the plan as it was when this was set going
  plan            jsonb not null,
  reason          text not null,
  incident_id     uuid,
  state           text not null check (state in ('RUNNING', 'STOOD_DOWN', 'CLOSED')),
  commander_id    uuid not null references person (id),
  operator_id     uuid not null references person (id),
  liaison_id      uuid not null references person (id),
  approver_id     uuid not null references person (id),
  activated_by    text not null,
  activated_at    timestamptz not null,
  update_due_at   timestamptz,
  restored_at     timestamptz,
  summary         jsonb,
  closed_at       timestamptz,
  instance_id     uuid
);
create index emergency_running on emergency (activated_at desc) where state = 'RUNNING';
create index emergency_update_due on emergency (update_due_at) where update_due_at is not null;
create index emergency_of_plan on emergency (plan_id, activated_at desc);

create table emergency_event (
  id            uuid primary key,
  emergency_id  uuid not null references emergency (id),
  kind          text not null,
  node          text,
  at            timestamptz not null,
  by_name       text not null,
  text          text not null,
  -- what was ticked off
  checked       jsonb not null
);
create index emergency_event_of on emergency_event (emergency_id, at, id);
create function emergency_event_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'emergency_event is append-only';
end $$;
create trigger emergency_event_append_only before update or delete on emergency_event
  for each statement execute function emergency_event_is_append_only();

-- One row a person of the list; the notice holds by which ways it went out, arrived and was acknowledged.
create table emergency_call (
  emergency_id  uuid not null references emergency (id),
  person_id     uuid not null references person (id),
  seq           integer not null,
  duty          text not null,
  notice_id     uuid,
  sent_at       timestamptz not null,
  primary key (emergency_id, person_id)
);
