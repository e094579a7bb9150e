-- Upkeep: the product's own care. One row says whether commands are taken; every upgrade, backup and restore drill leaves a row.
create table maintenance (
  "only" boolean primary key default true check ("only"),
  state text not null default 'OPEN' check (state in ('OPEN', 'READ_ONLY')),
  cause text check (cause in ('ADMINISTRATOR', 'UPGRADE')),
  reason text not null default '',
  since timestamptz,
  until timestamptz,
  by_name text,
  check ((state = 'OPEN') = (cause is null)),
  check ((state = 'OPEN') = (since is null))
);
insert into maintenance default values;

create table upgrade (
  id uuid primary key,
  from_version text,
  to_version text not null,
  from_level text not null,
  to_level text not null,
  migrations integer not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  state text not null check (state in ('RUNNING', 'FINISHED', 'REFUSED')),
  backup_file text,
  backup_sha256 text,
  -- what the check of running instances found
  instances integer,
  findings jsonb not null default '[]'
);
create unique index upgrade_open on upgrade ((true)) where state <> 'FINISHED';
create index upgrade_started on upgrade (started_at desc);

create table backup (
  id uuid primary key,
  kind text not null check (kind in ('SCHEDULED', 'MANUAL', 'UPGRADE')),
  state text not null check (state in ('RUNNING', 'DONE', 'FAILED', 'REMOVED')),
  place text not null check (place in ('FOLDER', 'S3')),
  file text not null,
  host text not null,
  encrypted boolean not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  by_name text not null,
  -- the instant the file holds
  taken_at timestamptz,
  level text,
  size_bytes bigint,
  table_count integer,
  row_count bigint,
  sha256 text,
  error text,
  removed_at timestamptz
);
create index backup_started on backup (started_at desc, id desc);
create unique index backup_running on backup ((true)) where state = 'RUNNING';

create table restore_drill (
  id uuid primary key,
  backup_id uuid references backup (id),
  state text not null check (state in ('RUNNING', 'PASSED', 'FAILED')),
  started_at timestamptz not null,
  finished_at timestamptz,
  by_name text not null,
  table_count integer,
  row_count bigint,
  fact_count bigint,
  batch_count bigint,
  findings jsonb not null default '[]'
);
create index restore_drill_started on restore_drill (started_at desc, id desc);
create unique index restore_drill_running on restore_drill ((true)) where state = 'RUNNING';
