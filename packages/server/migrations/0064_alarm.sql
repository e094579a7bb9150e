-- Alarms: rules as loaded from the plan and what was changed of them, alarms with their trail, silences, what reports what, screens of the duty room.

create table alarm_rule (
  id text primary key,
  pack text not null,
  place integer not null,
  kind text not null check (kind in ('METRIC', 'EVENT')),
  -- the rule and its metric as the pack has them; a changed bound or length stands in `override`
  definition jsonb not null,
  metric jsonb,
  override jsonb not null default '{}',
  -- no longer in any pack: kept for the alarms that name it
  gone boolean not null default false,
  loaded_at timestamptz not null
);
create table alarm_rule_load (
  digest text primary key,
  loaded_at timestamptz not null
);

-- A second person decides.
create table alarm_rule_change (
  id uuid primary key,
  rule_id text not null references alarm_rule,
  change jsonb not null,
  reason text not null,
  state text not null check (state in ('PROPOSED', 'APPROVED', 'REFUSED')),
  proposed_by uuid not null,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  comment text not null default ''
);
create index alarm_rule_change_rule on alarm_rule_change (rule_id, id desc);
create unique index alarm_rule_change_one on alarm_rule_change (rule_id) where state = 'PROPOSED';

create table alarm (
  id uuid primary key,
  rev integer not null default 1,
  -- rule or class of the source, object, dimension: one open alarm each
  identity text not null,
  rule_id text,
  source text not null,
  source_id uuid,
  title jsonb not null,
  hint jsonb,
  topic text not null,
  clause text,
  cause text,
  lost boolean not null default false,
  object_type text,
  object_id uuid,
  object_name text not null,
  tenant_id uuid,
  application_id uuid,
  labels jsonb not null,
  value double precision,
  unit text not null default '',
  level text not null check (level in ('I', 'II', 'III', 'IV')),
  top_level text not null check (top_level in ('I', 'II', 'III', 'IV')),
  state text not null check (state in ('SUSPECTED', 'FIRING', 'RECOVERING', 'CLOSED')),
  close_reason text check (close_reason in ('RECOVERED', 'NEVER_FIRED', 'RETIRED', 'BY_HAND')),
  since_at timestamptz not null,
  fired_at timestamptz,
  good_at timestamptz,
  closed_at timestamptz,
  missing_at timestamptz,
  last_at timestamptz not null,
  turns text not null,
  flapping boolean not null,
  storm boolean not null,
  root_id uuid,
  root_label text,
  muted jsonb,
  told_level text,
  step integer not null,
  -- milliseconds by name, and the earliest of them
  timers jsonb not null,
  next_at timestamptz,
  policy jsonb not null,
  group_key text not null,
  incident_id uuid,
  incident_number text,
  outages jsonb not null default '[]',
  acked_by uuid,
  acked_by_name text,
  acked_at timestamptz,
  note text not null default '',
  reopened integer not null,
  -- which of several levels a source says at once, for sources that send one alert a level
  signs jsonb not null default '{}',
  created_at timestamptz not null,
  check ((state = 'CLOSED') = (closed_at is not null))
) with (fillfactor = 80);
create unique index alarm_open on alarm (identity) where state <> 'CLOSED';
create index alarm_identity on alarm (identity, id desc);
create index alarm_due on alarm (next_at) where next_at is not null;
create index alarm_object on alarm (object_id, id desc) where object_id is not null;
create index alarm_application on alarm (application_id, id desc) where application_id is not null;
create index alarm_tenant on alarm (tenant_id, id desc) where tenant_id is not null;
create index alarm_root on alarm (root_id) where root_id is not null;
create index alarm_incident on alarm (incident_id) where incident_id is not null;
create index alarm_lost on alarm (object_id) where lost and state <> 'CLOSED';
create index alarm_fired on alarm (fired_at) where fired_at is not null;
create index alarm_topic on alarm (topic, fired_at) where fired_at is not null;
create index alarm_shown on alarm (level, id desc) where state <> 'SUSPECTED' and close_reason is distinct from 'NEVER_FIRED';

-- Why it was, or was not, told: append only.
create table alarm_event (
  id uuid primary key,
  alarm_id uuid not null references alarm on delete cascade,
  at timestamptz not null,
  stage text not null,
  reason text not null,
  params jsonb not null default '{}',
  by_name text not null default ''
);
create index alarm_event_alarm on alarm_event (alarm_id, id);

create table alarm_silence (
  id uuid primary key,
  reason text not null,
  -- all that are given must fit
  rule_id text,
  object_id uuid,
  object_name text not null default '',
  application_id uuid,
  application_name text not null default '',
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  created_by uuid not null,
  created_by_name text not null,
  created_at timestamptz not null,
  ended_by_name text,
  check (ends_at > starts_at),
  check (rule_id is not null or object_id is not null or application_id is not null)
);
create index alarm_silence_ends on alarm_silence (ends_at);

-- The newest word of each object about each metric, at most two minutes behind: what is covered, and what has gone silent.
create table alarm_reading (
  metric text not null,
  object_key text not null,
  object_id uuid,
  labels jsonb not null,
  value double precision not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (metric, object_key)
) with (fillfactor = 70);
create index alarm_reading_last on alarm_reading (last_at);
create index alarm_reading_object on alarm_reading (object_id, metric) where object_id is not null;

-- A screen on a wall: it reads the board, and nothing else.
create table alarm_screen (
  id uuid primary key,
  name text not null,
  token_sha256 text not null unique,
  state text not null check (state in ('PENDING', 'ACTIVE', 'REVOKED')),
  created_by text not null,
  created_by_person_id uuid not null,
  created_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  last_seen_at timestamptz,
  last_address text
);
create unique index alarm_screen_name on alarm_screen (lower(name)) where state <> 'REVOKED';
