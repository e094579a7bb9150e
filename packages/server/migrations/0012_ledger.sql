-- The ledger: what happened, by whom, from where. Rows are only ever added; sealing gives them a position in one signed chain.
-- Positions are given at sealing, not at insertion, because a transaction that took a lower number may commit later than a higher one.

create table ledger_fact (
  id uuid primary key,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('person', 'system', 'anonymous')),
  actor_person_id uuid,
  actor_name text not null,
  session_id text,
  address text not null,
  kind text not null,
  subject_type text not null,
  subject_id text not null,
  tenant_id uuid,
  before jsonb,
  after jsonb,
  data jsonb,
  digest_algorithm text not null check (digest_algorithm in ('SHA-256', 'SM3')),
  -- lower-case hexadecimal digest of the canonical JSON (RFC 8785) of all columns above it
  digest text not null check (digest ~ '^[0-9a-f]{64}$')
);
create index ledger_fact_at on ledger_fact (at desc, id desc);
create index ledger_fact_subject on ledger_fact (subject_type, subject_id, at desc);
create index ledger_fact_actor on ledger_fact (actor_person_id, at desc) where actor_person_id is not null;
create index ledger_fact_kind on ledger_fact (kind text_pattern_ops, at desc);

-- Facts that wait for their seal; filled by a trigger so that no writer can forget it.
create table ledger_pending (
  fact_id uuid primary key
);

create table ledger_key (
  key_id text primary key,
  algorithm text not null check (algorithm in ('Ed25519')),
  -- SPKI in PEM
  public_key text not null unique,
  first_used_at timestamptz not null
);

create table ledger_batch (
  no bigint primary key check (no > 0),
  first_position bigint not null unique,
  last_position bigint not null unique check (last_position >= first_position),
  -- end of the chain before and after this batch
  previous text not null,
  head text not null unique,
  -- the first 16 hexadecimal digits of every fact's digest, in order: names the altered row exactly
  roll text not null,
  digest_algorithm text not null check (digest_algorithm in ('SHA-256', 'SM3')),
  sealed_at timestamptz not null,
  key_id text not null references ledger_key,
  signature text not null
);

create table ledger_entry (
  position bigint primary key check (position > 0),
  fact_id uuid not null unique references ledger_fact,
  batch_no bigint not null references ledger_batch
);

create function ledger_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: % on % refused', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;

create trigger ledger_fact_append_only before update or delete on ledger_fact for each row execute function ledger_refuse_change();
create trigger ledger_fact_no_truncate before truncate on ledger_fact for each statement execute function ledger_refuse_change();
create trigger ledger_batch_append_only before update or delete on ledger_batch for each row execute function ledger_refuse_change();
create trigger ledger_batch_no_truncate before truncate on ledger_batch for each statement execute function ledger_refuse_change();
create trigger ledger_entry_append_only before update or delete on ledger_entry for each row execute function ledger_refuse_change();
create trigger ledger_entry_no_truncate before truncate on ledger_entry for each statement execute function ledger_refuse_change();
create trigger ledger_key_append_only before update or delete on ledger_key for each row execute function ledger_refuse_change();
create trigger ledger_key_no_truncate before truncate on ledger_key for each statement execute function ledger_refuse_change();

create function ledger_await_seal() returns trigger language plpgsql as $$
begin
  insert into ledger_pending (fact_id) values (new.id);
  return null;
end $$;
create trigger ledger_fact_await_seal after insert on ledger_fact for each row execute function ledger_await_seal();
