-- What is really there: applications, servers, volumes, networks, pools, racks, templates; who it belongs to; and every change to it.
-- tenant_id and person ids point into identity; they carry no foreign key because that module owns its tables.

create table application (
  id uuid primary key,
  rev integer not null default 1,
  tenant_id uuid not null,
  name text not null,
  code text not null,
  env text not null check (env in ('PROD', 'TEST', 'DEV', 'DR')),
  mlps_level integer not null check (mlps_level between 1 and 3),
  project_manager_id uuid,
  owner_ids jsonb not null default '[]',
  contact text not null default '',
  go_live_on date,
  note text not null default '',
  state text not null check (state in ('PREPARING', 'TRIAL', 'ONLINE', 'RETIRED')),
  admission_no text,
  -- {probes, startsAt, projectManager, customer}; counts only once both have confirmed
  measurement jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  retired_at timestamptz,
  search text not null generated always as (name || ' ' || code || ' ' || coalesce(admission_no, '') || ' ' || contact || ' ' || note) stored,
  check ((state = 'RETIRED') = (retired_at is not null))
);
create unique index application_code on application (lower(code));
create index application_tenant on application (tenant_id, name collate "zh-x-icu", id);
create index application_name on application (name collate "zh-x-icu", id);
create index application_search on application using gin (zh_grams(search));

create table rack (
  id uuid primary key,
  rev integer not null default 1,
  name text not null,
  room text not null,
  row text not null default '',
  units integer not null check (units between 1 and 60),
  power_watts integer not null default 0,
  note text not null default '',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  retired_at timestamptz,
  search text not null generated always as (name || ' ' || room || ' ' || row || ' ' || note) stored
);
create unique index rack_name on rack (lower(name)) where retired_at is null;
create index rack_search on rack using gin (zh_grams(search));

create table hardware_model (
  id uuid primary key,
  rev integer not null default 1,
  vendor text not null,
  model text not null,
  cpu text not null,
  vcpu integer not null,
  mem_gib integer not null,
  disks text not null default '',
  nics text not null default '',
  gpu text not null default '',
  rack_units integer not null check (rack_units between 1 and 60),
  note text not null default '',
  acceptance text not null default 'UNTESTED' check (acceptance in ('UNTESTED', 'PASS', 'FAIL')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  retired_at timestamptz,
  search text not null generated always as (vendor || ' ' || model || ' ' || cpu || ' ' || gpu || ' ' || note) stored
);
create unique index hardware_model_name on hardware_model (lower(vendor), lower(model)) where retired_at is null;
create index hardware_model_search on hardware_model using gin (zh_grams(search));

-- The latest test decides whether the model may be used.
create table hardware_acceptance_test (
  id uuid primary key,
  hardware_model_id uuid not null references hardware_model,
  result text not null check (result in ('PASS', 'FAIL')),
  checks jsonb not null,
  comment text not null default '',
  file_ids jsonb not null default '[]',
  by_person_id uuid,
  by_name text not null,
  at timestamptz not null
);
create index hardware_acceptance_test_model on hardware_acceptance_test (hardware_model_id, at desc);

create table flavor (
  id uuid primary key,
  rev integer not null default 1,
  name text not null,
  vcpu integer not null check (vcpu > 0),
  mem_gib integer not null check (mem_gib > 0),
  root_gib integer not null,
  family text not null default '',
  external_id text not null default '',
  note text not null default '',
  state text not null check (state in ('PROPOSED', 'ACTIVE', 'REJECTED', 'RETIRED')),
  proposed_by uuid,
  proposed_by_name text not null,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  comment text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  retired_at timestamptz,
  search text not null generated always as (name || ' ' || family || ' ' || note) stored
);
create unique index flavor_name on flavor (lower(name)) where state in ('PROPOSED', 'ACTIVE');
create index flavor_search on flavor using gin (zh_grams(search));

create table image (
  id uuid primary key,
  rev integer not null default 1,
  name text not null,
  os text not null,
  version text not null default '',
  arch text not null,
  domestic boolean not null default false,
  min_root_gib integer not null,
  min_mem_gib integer not null,
  digest text not null default '',
  external_id text not null default '',
  note text not null default '',
  state text not null check (state in ('PROPOSED', 'ACTIVE', 'REJECTED', 'RETIRED')),
  proposed_by uuid,
  proposed_by_name text not null,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  comment text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  retired_at timestamptz,
  search text not null generated always as (name || ' ' || os || ' ' || version || ' ' || note) stored
);
create unique index image_name on image (lower(name)) where state in ('PROPOSED', 'ACTIVE');
create index image_search on image using gin (zh_grams(search));

-- Capacity is physical; what may be promised is capacity times the overcommit of the base parameters in force.
create table pool (
  id uuid primary key,
  rev integer not null default 1,
  name text not null,
  code text not null,
  zone text not null,
  -- null: any environment may draw from it
  env text check (env in ('PROD', 'TEST', 'DEV', 'DR')),
  vcpu bigint not null,
  mem_gib bigint not null,
  storage_gib bigint not null,
  public_addresses bigint not null,
  baremetal bigint not null,
  note text not null default '',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  retired_at timestamptz,
  search text not null generated always as (name || ' ' || code || ' ' || zone || ' ' || note) stored
);
create unique index pool_code on pool (lower(code)) where retired_at is null;

-- RESERVED: approved or being built; COMMITTED: in use; RELEASED: given back. A reservation is refused if the first two would exceed what may be promised.
create table pool_allocation (
  id uuid primary key,
  pool_id uuid not null references pool,
  holder_type text not null,
  holder_id text not null,
  label text not null,
  state text not null check (state in ('RESERVED', 'COMMITTED', 'RELEASED')),
  vcpu bigint not null check (vcpu >= 0),
  mem_gib bigint not null check (mem_gib >= 0),
  storage_gib bigint not null check (storage_gib >= 0),
  public_addresses bigint not null check (public_addresses >= 0),
  baremetal bigint not null check (baremetal >= 0),
  reserved_at timestamptz not null,
  changed_at timestamptz not null
);
create unique index pool_allocation_holder on pool_allocation (holder_type, holder_id) where state <> 'RELEASED';
create index pool_allocation_pool on pool_allocation (pool_id, state);

create table server (
  id uuid primary key,
  rev integer not null default 1,
  kind text not null check (kind in ('vm', 'baremetal')),
  tenant_id uuid,
  application_id uuid references application,
  name text not null,
  env text not null check (env in ('PROD', 'TEST', 'DEV', 'DR')),
  state text not null check (state in ('BUILDING', 'ACTIVE', 'STOPPED', 'FAULTY', 'RETIRED')),
  vcpu integer not null,
  mem_gib integer not null,
  root_gib integer not null,
  os text not null default '',
  zone text not null default '',
  -- [{address, zone, public}]
  addresses jsonb not null default '[]',
  pool_id uuid references pool,
  flavor_id uuid references flavor,
  image_id uuid references image,
  hardware_model_id uuid references hardware_model,
  rack_id uuid references rack,
  rack_unit integer check (rack_unit between 1 and 60),
  serial_no text not null default '',
  bmc_address text,
  usage_until date,
  note text not null default '',
  connection_id uuid,
  external_id text,
  -- what made it, e.g. a work order line; recorded once
  source_type text,
  source_id text,
  delivered_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  retired_at timestamptz,
  search text not null generated always as (
    name || ' ' || os || ' ' || serial_no || ' ' || coalesce(bmc_address, '') || ' ' || coalesce(external_id, '') || ' ' || addresses::text || ' ' || note
  ) stored,
  check ((state = 'RETIRED') = (retired_at is not null))
);
create unique index server_source on server (source_type, source_id) where source_id is not null;
create unique index server_external on server (connection_id, external_id) where external_id is not null and retired_at is null;
create unique index server_name on server (lower(name), coalesce(application_id, '00000000-0000-0000-0000-000000000000')) where retired_at is null;
create index server_tenant on server (tenant_id, application_id);
create index server_application on server (application_id);
create index server_sort_name on server (name collate "zh-x-icu", id);
create index server_updated on server (updated_at desc, id desc);
create index server_rack on server (rack_id) where rack_id is not null;
create index server_usage on server (usage_until) where retired_at is null;
create index server_search on server using gin (zh_grams(search));

create table volume (
  id uuid primary key,
  rev integer not null default 1,
  kind text not null check (kind in ('block', 'file', 'object', 'backup')),
  tenant_id uuid,
  application_id uuid references application,
  name text not null,
  env text not null check (env in ('PROD', 'TEST', 'DEV', 'DR')),
  state text not null check (state in ('BUILDING', 'ACTIVE', 'STOPPED', 'FAULTY', 'RETIRED')),
  gib bigint not null,
  tier text check (tier in ('SSD', 'SAS', 'SATA')),
  server_id uuid references server,
  pool_id uuid references pool,
  zone text not null default '',
  usage_until date,
  note text not null default '',
  connection_id uuid,
  external_id text,
  source_type text,
  source_id text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  retired_at timestamptz,
  search text not null generated always as (name || ' ' || coalesce(external_id, '') || ' ' || note) stored,
  check ((state = 'RETIRED') = (retired_at is not null))
);
create unique index volume_source on volume (source_type, source_id) where source_id is not null;
create index volume_application on volume (application_id);
create index volume_tenant on volume (tenant_id, application_id);
create index volume_server on volume (server_id) where server_id is not null;
create index volume_sort_name on volume (name collate "zh-x-icu", id);
create index volume_search on volume using gin (zh_grams(search));

create table network (
  id uuid primary key,
  rev integer not null default 1,
  kind text not null check (kind in ('NETWORK', 'SECURITY_GROUP', 'PUBLIC_ADDRESS', 'LOAD_BALANCER', 'DOMAIN')),
  tenant_id uuid,
  application_id uuid references application,
  name text not null,
  env text not null check (env in ('PROD', 'TEST', 'DEV', 'DR')),
  state text not null check (state in ('BUILDING', 'ACTIVE', 'STOPPED', 'FAULTY', 'RETIRED')),
  zone text not null default '',
  cidr text,
  address text,
  domain text not null default '',
  bandwidth_mbps integer,
  -- [{src, dst, proto, port, purpose, until}]
  rules jsonb not null default '[]',
  server_id uuid references server,
  usage_until date,
  note text not null default '',
  connection_id uuid,
  external_id text,
  source_type text,
  source_id text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  retired_at timestamptz,
  search text not null generated always as (
    name || ' ' || coalesce(cidr, '') || ' ' || coalesce(address, '') || ' ' || domain || ' ' || coalesce(external_id, '') || ' ' || note
  ) stored,
  check ((state = 'RETIRED') = (retired_at is not null))
);
create unique index network_source on network (source_type, source_id) where source_id is not null;
create index network_application on network (application_id);
create index network_tenant on network (tenant_id, application_id);
create index network_sort_name on network (name collate "zh-x-icu", id);
create index network_search on network using gin (zh_grams(search));

-- Relations people state; belonging, attachment and placement follow from the items themselves.
create table item_relation (
  id uuid primary key,
  kind text not null check (kind in ('DEPENDS_ON', 'CONNECTS_TO')),
  from_type text not null,
  from_id uuid not null,
  to_type text not null,
  to_id uuid not null,
  note text not null default '',
  created_at timestamptz not null,
  unique (kind, from_id, to_id),
  check (from_id <> to_id)
);
create index item_relation_to on item_relation (to_id);

-- Every change with before and after; only the fields that changed.
create table item_change (
  id uuid primary key,
  item_type text not null,
  item_id uuid not null,
  at timestamptz not null,
  by_person_id uuid,
  by_name text not null,
  action text not null,
  via text not null,
  before jsonb,
  after jsonb
);
create index item_change_item on item_change (item_id, id desc);

-- IaaS base parameters: the highest version is in force.
create table base_parameters (
  version integer primary key check (version > 0),
  parameters jsonb not null,
  reason text not null,
  by_person_id uuid,
  by_name text not null,
  at timestamptz not null
);
