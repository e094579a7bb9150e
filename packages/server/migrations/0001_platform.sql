-- What every module stands on: numbers, files, replies remembered for retried commands, settings, Chinese search.

create extension if not exists pg_trgm;
create extension if not exists btree_gist;

-- SQ-20260918-0001 and the like
create table number_series (
  prefix text not null,
  day text not null,
  last integer not null,
  primary key (prefix, day)
);

-- A command sent twice with the same Idempotency-Key takes effect once; kept for two days.
create table command_reply (
  person_key text not null,
  idempotency_key text not null,
  endpoint text not null,
  input_sha256 text not null,
  reply jsonb not null,
  at timestamptz not null,
  primary key (person_key, idempotency_key)
);
create index command_reply_at on command_reply (at);

-- Files live here unless S3 is configured: local folders are not shared between processes.
create table file (
  id uuid primary key,
  name text not null,
  media_type text not null,
  size_bytes bigint not null,
  digest text not null,
  digest_algorithm text not null,
  purpose text not null,
  -- the object whose permission the file follows; null until the form that carries it is saved
  owner_type text,
  owner_id text,
  tenant_id uuid,
  uploaded_by uuid,
  uploaded_at timestamptz not null
);
create index file_owner on file (owner_type, owner_id);
create table file_chunk (
  file_id uuid not null references file (id) on delete cascade,
  seq integer not null,
  bytes bytea not null,
  primary key (file_id, seq)
);

-- Chinese search: pg_trgm serves three characters and more, people type two. Every run of two characters becomes one term.
create function zh_grams(value text) returns text[]
  language sql immutable parallel safe strict
as $$
  select coalesce(array_agg(distinct substr(lower(value), i, 2)), '{}')
  from generate_series(1, greatest(length(value) - 1, 0)) as i
$$;
