-- Resource requests.
create table request (
  id uuid primary key,
  -- SQ-yyyymmdd-nnnn
  number text not null unique,
  kind text not null check (kind in ('NEW', 'EXPANSION', 'MIGRATION')),
  status text not null,
  outcome text check (outcome in ('SUCCESS', 'PARTIAL')),
  tenant_id uuid not null,
  application_id uuid not null,
  app_name text not null,
  admission_id uuid not null references admission (id),
  admission_no text not null,
  mlps_level integer,
  applicant_id uuid not null,
  applicant_name text not null,
  form_id uuid not null,
  catalog_id uuid not null,
  catalog_final boolean not null default false,
  instance_id uuid,
  rev integer not null default 0,
  env text,
  usage_until date,
  expected_on date,
  -- sums of the form's lines and of the catalogue at the last hand-in
  totals jsonb not null default '{}',
  catalog_totals jsonb not null default '{}',
  reviewed boolean not null default false,
  round integer not null default 0,
  -- sent back and not handed in again yet
  returned boolean not null default false,
  -- open steps, as the engine told: [{taskId, node, name, assigneeName, candidateRoles, since, dueAt}]
  steps jsonb not null default '[]',
  -- the split that the last capacity review proposes
  proposed_split jsonb not null default '[]',
  -- the request this one is the remainder of
  parent_id uuid references request (id),
  conditions text,
  rejection jsonb,
  -- provisioning has begun: the project manager can no longer cancel alone
  started_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  submitted_at timestamptz,
  decided_at timestamptz
);
create index request_updated on request (updated_at desc, id desc);
create index request_tenant_updated on request (tenant_id, updated_at desc, id desc);
create index request_submitted on request (coalesce(submitted_at, 'epoch'::timestamptz) desc, id desc);
create index request_application on request (application_id, updated_at desc);
create index request_admission on request (admission_id);
create index request_parent on request (parent_id) where parent_id is not null;
create index request_text on request using gin (zh_grams(number || ' ' || app_name || ' ' || applicant_name || ' ' || admission_no));
