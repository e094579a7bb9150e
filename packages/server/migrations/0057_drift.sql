-- What a cloud holds, as it was last read, and where the records say otherwise.

create table cloud_reading (
  id uuid primary key,
  connection_id uuid not null,
  cloud text not null,
  -- SCHEDULE, DEMAND
  cause text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  status text not null check (status in ('RUNNING', 'DONE', 'PARTIAL', 'FAILED')),
  requests integer not null default 0,
  -- things read, by kind
  counts jsonb not null default '{}',
  -- kinds of which everything was read; only of these something can be missing
  complete jsonb not null default '[]',
  found integer not null default 0,
  error text
);
create index cloud_reading_latest on cloud_reading (connection_id, started_at desc);
create unique index cloud_reading_one on cloud_reading (connection_id) where status = 'RUNNING';

-- The row's source is its connection, its time read_at.
create table observed_thing (
  connection_id uuid not null,
  kind text not null check (kind in ('server', 'volume', 'network', 'address', 'project', 'quota')),
  external_id text not null,
  name text not null,
  project_id text not null default '',
  facts jsonb not null,
  -- made by us: the register holds it as present under this very id
  registered boolean not null,
  -- in motion there or in the register: what it is will show at the next reading
  moving boolean not null,
  first_seen_at timestamptz not null,
  read_at timestamptz not null,
  reading_id uuid not null,
  -- not there any more
  gone_at timestamptz,
  primary key (connection_id, kind, external_id)
);
create index observed_thing_name on observed_thing (kind, name, external_id) where gone_at is null;

create index volume_cloud on volume (connection_id, external_id) where external_id is not null and retired_at is null;
create index network_cloud on network (connection_id, external_id) where external_id is not null and retired_at is null;

create index cloud_resource_external on cloud_resource (connection_id, external_id) where external_id is not null;

create table drift (
  id uuid primary key,
  connection_id uuid not null,
  kind text not null,
  external_id text not null,
  -- UNRECORDED: there, not here. MISSING: here, not there. DIFFERS: both, but not alike.
  verdict text not null check (verdict in ('UNRECORDED', 'MISSING', 'DIFFERS')),
  name text not null,
  project_id text not null default '',
  item_id uuid,
  tenant_id uuid,
  -- [{field, here, there}]
  differences jsonb not null default '[]',
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  reading_id uuid not null,
  -- OPEN until somebody decides or it has gone by itself; KEPT: allowed to be so until it changes again; REPORTED: awaits its explanation
  status text not null check (status in ('OPEN', 'SETTLED', 'KEPT', 'REPORTED', 'CLEARED')),
  decision text check (decision in ('ADOPT', 'CORRECT', 'CHANGE', 'REPORT', 'KEEP')),
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  comment text,
  -- number of the change or report that came of it, as told by people or by the procedure
  reference text not null default '',
  ended_at timestamptz
);
create unique index drift_live on drift (connection_id, kind, external_id) where ended_at is null;
create index drift_page on drift (first_seen_at desc, id desc);
create index drift_open on drift (status, first_seen_at desc, id desc) where ended_at is null;
