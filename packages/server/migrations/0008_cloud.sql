-- Connections to clouds, the register of everything asked of them, and the simulated cloud itself.

create table cloud_connection (
  id uuid primary key,
  name text not null,
  driver text not null check (driver in ('openstack', 'simulator', 'manual')),
  status text not null check (status in ('PROPOSED', 'ACTIVE', 'REJECTED', 'RETIRED')),
  settings jsonb not null,
  -- encrypted; opened only for the call itself
  sealed_secret text,
  proposed_by uuid,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  comment text,
  -- what the last look at the cloud found
  check_result jsonb,
  capacity jsonb,
  images jsonb not null default '[]',
  flavors jsonb not null default '[]',
  viewed_at timestamptz
);
create unique index cloud_connection_one_active on cloud_connection ((true)) where status = 'ACTIVE';

-- A row is the persisted intent: written before the cloud is asked, so that a crash leaves a key to look for.
create table cloud_resource (
  id uuid primary key,
  connection_id uuid not null references cloud_connection (id),
  key text not null unique check (length(key) <= 60),
  kind text not null,
  name text not null,
  want jsonb not null,
  state text not null check (state in ('INTENDED', 'ASKED', 'UNKNOWN', 'BUILDING', 'PRESENT', 'FAILED', 'REMOVING', 'ABSENT')),
  external_id text,
  facts jsonb not null default '{}',
  owner_type text not null,
  owner_id text not null,
  -- fences answers: only that of the latest attempt counts
  attempts integer not null default 0,
  -- when an unanswered creation was sent; null when there is none
  asked_at timestamptz,
  leased_until timestamptz,
  -- not looked at again before
  look_after timestamptz,
  building_since timestamptz,
  -- removed and made again because it failed without a reason
  rebuilds integer not null default 0,
  rebuilding boolean not null default false,
  setbacks integer not null default 0,
  adopted boolean not null default false,
  settled_at timestamptz,
  error_kind text,
  last_error text,
  created_at timestamptz not null
);
create index cloud_resource_owner on cloud_resource (owner_id, created_at);
create index cloud_resource_page on cloud_resource (created_at desc, id desc);
-- one list of what is not settled yet, for operations
create index cloud_resource_open on cloud_resource (state) where state not in ('PRESENT', 'ABSENT');

-- The simulated cloud. What a thing is doing follows from these columns and the clock; nothing runs in the background.
create table sim_thing (
  connection_id uuid not null references cloud_connection (id),
  key text not null,
  external_id uuid not null unique,
  kind text not null,
  vcpu integer not null default 0,
  mem_mib integer not null default 0,
  disk_gib integer not null default 0,
  public_addresses integer not null default 0,
  ready_at timestamptz not null,
  -- ok, error: ERROR at ready_at; stuck: never ready
  fate text not null check (fate in ('ok', 'error', 'stuck')),
  message text not null default '',
  facts jsonb not null default '{}',
  created_at timestamptz not null,
  primary key (connection_id, key)
);
create table sim_fault (
  id uuid primary key,
  connection_id uuid not null references cloud_connection (id),
  resource text,
  fault text not null,
  remaining integer not null check (remaining >= 0),
  created_at timestamptz not null
);

insert into cloud_connection (id, name, driver, status, settings, proposed_by_name, proposed_at, decided_by_name, decided_at, comment)
values (
  '01920000-0000-7000-8000-000000000001', '模拟云', 'simulator', 'ACTIVE',
  '{"vcpu":512,"memGiB":2048,"diskGiB":200000,"publicAddresses":250,"serverSeconds":{"from":8,"to":25},"volumeSeconds":{"from":2,"to":6}}',
  'system', now(), 'system', now(), ''
);
