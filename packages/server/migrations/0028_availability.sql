-- Availability: one append-only chain an application, probes that write into it, keys of third parties that read it.

create table availability_chain (
  application_id uuid not null references application (id),
  seq integer not null check (seq > 0),
  -- milliseconds; part of what the digest covers
  at timestamptz not null,
  kind text not null,
  by_name text not null,
  -- who, for the screen; not part of the digest, since a person's id says nothing outside
  by_person_id uuid,
  body jsonb not null,
  previous text not null,
  digest_algorithm text not null default 'SHA-256' check (digest_algorithm in ('SHA-256', 'SM3')),
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  primary key (application_id, seq)
);
create index availability_chain_kind on availability_chain (kind, at) where kind in ('seal', 'confirmation', 'window');

create function availability_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the chain of availability is append-only: % on % refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger availability_chain_append_only before update or delete on availability_chain for each row execute function availability_refuse_change();
create trigger availability_chain_no_truncate before truncate on availability_chain for each statement execute function availability_refuse_change();

-- Where each chain ends, and what it comes to: read from the chain again with every entry, so that a thousand applications are one query.
create table availability_account (
  application_id uuid primary key references application (id),
  seq integer not null,
  head text not null,
  -- {measured, outages, planned, unknown} as the pure functions take them
  facts jsonb not null,
  -- something goes on: its end is the reader's now
  is_open boolean not null,
  -- votes are judged up to here
  judged_until timestamptz
);

-- Planned downtime: one proposal, written into the chain of every application it affects.
create table planned_downtime (
  id uuid primary key,
  rev integer not null default 1,
  reason text not null check (reason in ('UPGRADE', 'UPDATE', 'MAINTENANCE')),
  application_ids uuid[] not null check (cardinality(application_ids) > 0),
  planned_from timestamptz not null,
  planned_to timestamptz not null check (planned_to > planned_from),
  impact text not null,
  rollback_plan text not null,
  -- where it was proposed, e.g. a change
  source_type text,
  source_id text,
  notice_sent_at timestamptz,
  notice_proof text not null default '',
  notice_file_id uuid,
  recognised boolean,
  decided_by text,
  decided_at timestamptz,
  comment text not null default '',
  actual_from timestamptz,
  actual_to timestamptz,
  cancelled_at timestamptz,
  proposed_by text not null,
  proposed_by_person_id uuid,
  proposed_at timestamptz not null,
  unique (source_type, source_id)
);
create index planned_downtime_span on planned_downtime (planned_from, planned_to);
create index planned_downtime_applications on planned_downtime using gin (application_ids);

-- A process somewhere that looks at the measured applications.
create table probe (
  id uuid primary key,
  name text not null unique,
  place text not null,
  state text not null check (state in ('PENDING', 'ACTIVE', 'REVOKED')),
  token_sha256 text not null unique,
  -- [{kind, url, expect}]: what it must reach to be believed
  canaries jsonb not null,
  -- targets may lie in these networks besides the public ones
  networks jsonb not null,
  created_by text not null,
  created_by_person_id uuid not null,
  created_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  last_seen_at timestamptz,
  last_address text,
  version text,
  abstaining boolean not null default false
);

-- Where one probe stands with one application; the finished part goes into the chain.
create table probe_run (
  probe_id uuid not null references probe (id),
  application_id uuid not null references application (id),
  run jsonb not null,
  last_at timestamptz not null,
  primary key (probe_id, application_id)
);

-- Single results worth keeping: everything but "up as before". The rest is in the digest of its run.
create table probe_result (
  probe_id uuid not null references probe (id),
  application_id uuid not null references application (id),
  at timestamptz not null,
  verdict text not null check (verdict in ('UP', 'DOWN', 'ABSTAIN')),
  latency_ms integer,
  detail text not null,
  received_at timestamptz not null,
  primary key (application_id, at, probe_id)
);

-- Read-only access for the customer's and third parties' own programs.
create table measurement_key (
  id uuid primary key,
  name text not null,
  party text not null check (party in ('CUSTOMER', 'THIRD_PARTY')),
  token_sha256 text not null unique,
  -- CIDR texts; empty: from anywhere
  networks jsonb not null,
  calls_per_minute integer not null check (calls_per_minute between 1 and 6000),
  state text not null check (state in ('PENDING', 'ACTIVE', 'REVOKED')),
  created_by text not null,
  created_by_person_id uuid not null,
  created_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  minute timestamptz,
  calls_in_minute integer not null default 0,
  last_used_at timestamptz
);
create table measurement_access (
  id bigint generated always as identity primary key,
  key_id uuid not null references measurement_key (id),
  at timestamptz not null,
  address text not null,
  path text not null
);
create index measurement_access_at on measurement_access (at desc);
