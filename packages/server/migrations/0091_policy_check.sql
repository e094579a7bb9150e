-- The monthly check that security policies are in force: what probes said, as it was when somebody signed.
create table policy_check (
  id uuid primary key,
  month text not null check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  summary jsonb not null,
  outcome text not null check (outcome in ('IN_FORCE', 'DEVIATIONS')),
  finding text not null,
  by_person_id uuid not null,
  by_name text not null,
  at timestamptz not null,
  unique (month, by_person_id)
);
create index policy_check_at on policy_check (at);
