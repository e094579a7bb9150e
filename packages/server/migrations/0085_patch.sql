-- Patches of operating systems: what each image should be at, and the rounds that bring servers there.

create table patch_baseline (
  id                uuid primary key,
  image_id          uuid not null,
  image_name        text not null,
  version           integer not null check (version > 0),
  severity          text not null check (severity in ('LOW', 'IMPORTANT', 'CRITICAL')),
  summary           text not null,
  -- [{name, version}]
  packages          jsonb not null,
  published_at      timestamptz not null,
  published_by_name text not null,
  retired_at        timestamptz,
  unique (image_id, version)
);
create unique index patch_baseline_in_force on patch_baseline (image_id) where retired_at is null;

create table patch_round (
  id              uuid primary key,
  -- BD-yyyymmdd-nnnn
  number          text not null unique,
  title           text not null,
  state           text not null check (state in ('PLANNED', 'RUNNING', 'CLOSED', 'CANCELLED')),
  baseline_id     uuid not null references patch_baseline (id),
  window_from     timestamptz not null,
  window_to       timestamptz not null check (window_to > window_from),
  restart         boolean not null,
  rollback_plan   text not null,
  -- results are due by then: the end of the window and the time to write them down
  due_at          timestamptz not null,
  provisional     boolean not null,
  planned_by_name text not null,
  created_at      timestamptz not null,
  started_at      timestamptz,
  closed_at       timestamptz,
  cancel_reason   text not null default ''
);
create index patch_round_window on patch_round (window_from, window_to);
create index patch_round_state on patch_round (state, id desc);

create table patch_target (
  id               uuid primary key,
  round_id         uuid not null references patch_round (id),
  server_id        uuid not null,
  server_name      text not null,
  tenant_id        uuid,
  application_id   uuid,
  application_name text not null,
  result           text not null check (result in ('PENDING', 'DONE', 'FAILED', 'SKIPPED')),
  note             text not null default '',
  at               timestamptz,
  by_name          text,
  unique (round_id, server_id)
);
create index patch_target_server on patch_target (server_id, result);
create index patch_target_tenant on patch_target (tenant_id);
