-- How the platform itself is: what every server process reports of itself, what each check last found, and which statements were slow.

create table server_process (
  id uuid primary key,
  host text not null,
  pid integer not null,
  version text not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  memory_bytes bigint not null,
  loop_lag_ms integer not null,
  -- free share of the fullest disk the process writes to, 0..1; null where it could not ask
  disk_free double precision
);
create index server_process_seen on server_process (seen_at);

create table health_state (
  check_id text primary key,
  state text not null check (state in ('OK', 'WARNING', 'FAILED', 'UNKNOWN')),
  since_at timestamptz not null,
  checked_at timestamptz not null,
  finding jsonb not null
);

-- as prepared: parameters are $1, never their values
create table slow_statement (
  digest text primary key,
  statement text not null,
  calls bigint not null,
  total_ms bigint not null,
  max_ms integer not null,
  last_at timestamptz not null
);
create index slow_statement_total on slow_statement (total_ms desc);
