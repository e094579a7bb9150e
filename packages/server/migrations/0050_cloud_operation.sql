-- What is done to things that exist in a cloud: stop, resize, extend, snapshot. A row is the persisted intent, as in cloud_resource.

create table cloud_operation (
  id uuid primary key,
  connection_id uuid not null references cloud_connection (id),
  key text not null unique check (length(key) <= 100),
  target_kind text not null check (target_kind in ('server', 'volume', 'securityGroup', 'project', 'image', 'volumeSnapshot')),
  target_external_id text not null,
  -- project in which the target lies; null: not known, the connection's own is used
  project_external_id text,
  action jsonb not null,
  state text not null check (state in ('INTENDED', 'ASKED', 'UNKNOWN', 'WORKING', 'DONE', 'FAILED')),
  -- what came of it: id of the snapshot, the old policy, the size reached
  facts jsonb not null default '{}',
  owner_type text not null,
  owner_id text not null,
  -- fences answers: only that of the latest attempt counts
  attempts integer not null default 0,
  asked_at timestamptz,
  leased_until timestamptz,
  look_after timestamptz,
  working_since timestamptz,
  setbacks integer not null default 0,
  settled_at timestamptz,
  -- gone: the target does not exist any more; busy: it was never free
  error_kind text check (error_kind in ('quota', 'refused', 'failed', 'busy', 'gone', 'unreachable')),
  last_error text,
  created_at timestamptz not null
);
create index cloud_operation_owner on cloud_operation (owner_id, created_at);
create index cloud_operation_target on cloud_operation (target_external_id, created_at desc);

-- The simulated things learn to be stopped, resized and extended: what they are, and what they are doing until when.
alter table sim_thing add column state jsonb not null default '{}';
alter table sim_thing add column doing jsonb;
