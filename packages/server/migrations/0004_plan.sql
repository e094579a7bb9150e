-- What was promised: the plan file by version, the value of every parameter by day, and its changes by three people.

-- One row, always: a new revision tells every process that its copy of the plan is old.
create table plan_state (
  "only" boolean primary key default true check ("only"),
  revision uuid not null
);

create table plan_version (
  version integer primary key,
  digest text not null,
  digest_algorithm text not null,
  -- the file as it was, and as it was understood
  source text not null,
  document jsonb not null,
  loaded_at timestamptz not null,
  loaded_by text not null
);

-- Proposed, agreed by a second person, approved by the customer.
create table plan_change (
  id uuid primary key,
  key text not null,
  before jsonb not null,
  after jsonb not null,
  starts_on date not null,
  reason text not null,
  status text not null check (status in ('PROPOSED', 'REVIEWED', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
  proposed_by uuid not null,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  reviewed_by uuid,
  reviewed_by_name text,
  reviewed_at timestamptz,
  review_comment text,
  settled_by uuid,
  settled_by_name text,
  settled_at timestamptz,
  settle_comment text,
  check (reviewed_by is null or reviewed_by <> proposed_by),
  check (status <> 'APPROVED' or (reviewed_by is not null and settled_by not in (proposed_by, reviewed_by)))
);
create index plan_change_recent on plan_change (id desc);
create index plan_change_key on plan_change (key, id desc);
create index plan_change_open on plan_change (key) where status in ('PROPOSED', 'REVIEWED');

-- A value holds from its day (Asia/Shanghai) until the next one starts; null is the value the parameter was loaded with.
create table plan_value (
  id uuid primary key,
  key text not null,
  starts_on date,
  value jsonb not null,
  reason text not null,
  by_name text not null,
  change_id uuid references plan_change (id),
  unique nulls not distinct (key, starts_on)
);
