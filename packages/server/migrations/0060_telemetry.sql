-- Telemetry: samples are durable in a batch before they are acknowledged, are folded into compressed chunks of two hours a series, and are
-- summed up by five minutes and by the hour for 400 days. Chunks and roll-ups are partitioned by time and go by dropping partitions.

create table telemetry_source (
  id uuid primary key,
  name text not null,
  note text not null default '',
  token_sha256 text not null unique,
  state text not null check (state in ('PENDING', 'ACTIVE', 'REVOKED')),
  -- longer without a word and the source counts as silent; 0: never
  silence_seconds integer not null check (silence_seconds between 0 and 86400),
  created_by text not null,
  created_by_person_id uuid not null,
  created_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  last_seen_at timestamptz,
  last_address text,
  -- what it calls itself, e.g. Prometheus/2.42.0
  sender text,
  silent_since timestamptz
);
create unique index telemetry_source_name on telemetry_source (lower(name)) where state <> 'REVOKED';

-- What a source sent in a minute of arrival; kept eight days.
create table telemetry_source_minute (
  source_id uuid not null references telemetry_source (id),
  minute timestamptz not null,
  requests integer not null,
  bytes bigint not null,
  samples bigint not null,
  rejected bigint not null,
  primary key (source_id, minute)
);

-- Why samples of a source were refused, by day, with the latest example.
create table telemetry_reject (
  source_id uuid not null references telemetry_source (id),
  day date not null,
  reason text not null,
  count bigint not null,
  last_at timestamptz not null,
  example text not null,
  primary key (source_id, day, reason)
);

create table telemetry_series (
  id integer generated always as identity primary key,
  -- first 16 bytes of SHA-256 over the sorted labels
  digest bytea not null unique,
  name text not null,
  labels jsonb not null,
  -- the object of the inventory that it measures, by label ci_id or by address
  item_id uuid,
  source_id uuid,
  created_at timestamptz not null,
  -- of the newest sample that was folded
  newest_at timestamptz
);
create index telemetry_series_name on telemetry_series (name);
create index telemetry_series_item on telemetry_series (item_id, name) where item_id is not null;
create index telemetry_series_labels on telemetry_series using gin (labels jsonb_path_ops);

-- One row a write request: durable when the request is acknowledged, deleted in the transaction that folds it.
create table telemetry_batch (
  seq bigint generated always as identity primary key,
  received_at timestamptz not null,
  samples integer not null,
  -- milliseconds since 1970 of its oldest and newest sample
  oldest_ms bigint not null,
  newest_ms bigint not null,
  payload bytea not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000);
alter table telemetry_batch alter column payload set storage external;

-- Two hours of one series. The default partition takes what a restore puts back.
create table telemetry_chunk (
  series_id integer not null,
  window_at timestamptz not null,
  samples integer not null,
  data bytea not null,
  primary key (series_id, window_at)
) partition by range (window_at);
alter table telemetry_chunk alter column data set storage external;
create table telemetry_chunk_default partition of telemetry_chunk default;

-- Which windows hold chunks, and whether they have been summed up.
create table telemetry_window (
  window_at timestamptz primary key,
  rolled_at timestamptz
);

-- One day (UTC) of one series: 288 slots of five minutes and 24 of an hour.
create table telemetry_rollup (
  series_id integer not null,
  day date not null,
  five bytea not null,
  hour bytea not null,
  primary key (series_id, day)
) partition by range (day);
alter table telemetry_rollup alter column five set storage external;
alter table telemetry_rollup alter column hour set storage external;
create table telemetry_rollup_default partition of telemetry_rollup default;
