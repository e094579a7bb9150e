-- Moving an application in, across or out.
create table migration (
  id uuid primary key,
  -- QY-yyyymmdd-nnnn
  number text not null unique,
  rev integer not null default 1,
  direction text not null check (direction in ('INBOUND', 'INTRA', 'OUTBOUND')),
  status text not null,
  outcome text check (outcome in ('SUCCESS', 'ROLLED_BACK')),
  tenant_id uuid not null,
  application_id uuid not null references application (id),
  application_name text not null,
  applicant_id uuid not null,
  applicant_name text not null,
  form jsonb not null,
  survey jsonb not null default '[]',
  sizing jsonb not null default '[]',
  plan jsonb not null,
  -- the run sheet and the checks, as they were done
  run jsonb not null default '[]',
  checks jsonb not null default '[]',
  cutover_at timestamptz,
  decision_at timestamptz,
  ended_at timestamptz,
  observe_until timestamptz,
  request_no text not null default '',
  downtime_round integer not null default 0,
  steps jsonb not null default '[]',
  conclusions jsonb not null default '[]',
  signatures jsonb not null default '[]',
  erasure_proof text not null default '',
  rejection text not null default '',
  reviewed boolean not null default false,
  returned boolean not null default false,
  instance_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  submitted_at timestamptz,
  accepted_due_at timestamptz,
  accepted_at timestamptz,
  closed_at timestamptz
);
create index migration_updated on migration (updated_at desc, id desc);
create index migration_tenant on migration (tenant_id, updated_at desc, id desc);
create index migration_application on migration (application_id);
