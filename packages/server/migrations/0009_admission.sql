-- Forms (admission, capability catalogue, provision form), admissions, opinions, signatures, demands for capacity.

-- One form as it stands now. content: field name -> value as typed; touches: field name -> who changed it last, at which revision.
create table form_document (
  id uuid primary key,
  kind text not null check (kind in ('ADMISSION', 'CATALOG', 'PROVISION_FORM')),
  subject_type text not null check (subject_type in ('admission', 'request')),
  subject_id uuid not null,
  tenant_id uuid not null,
  -- NEW or EXPANSION: which conditional section counts
  for_kind text not null,
  rev integer not null default 0,
  content jsonb not null default '{}',
  touches jsonb not null default '{}',
  editable boolean not null default true,
  created_at timestamptz not null,
  saved_at timestamptz not null,
  saved_by uuid,
  saved_by_name text not null
);
create index form_document_subject on form_document (subject_type, subject_id);

-- Never changed once written; what is attached is listed with the digests of that moment.
create table form_version (
  form_id uuid not null references form_document (id),
  version integer not null,
  rev integer not null,
  reason text not null check (reason in ('CHECKPOINT', 'SUBMITTED', 'RESUBMITTED', 'FINALISED', 'SPLIT')),
  content jsonb not null,
  attachments jsonb not null,
  digest text not null,
  digest_algorithm text not null,
  saved_at timestamptz not null,
  saved_by_name text not null,
  primary key (form_id, version)
);

create table form_attachment (
  form_id uuid not null references form_document (id),
  file_id uuid not null references file (id),
  field text not null,
  name text not null,
  media_type text not null,
  size_bytes bigint not null,
  digest text not null,
  digest_algorithm text not null,
  uploaded_at timestamptz not null,
  uploaded_by_name text not null,
  -- removed from the form; versions that list it still lead to it
  removed_at timestamptz,
  primary key (form_id, file_id)
);

create table admission (
  id uuid primary key,
  -- ZR-yyyymmdd-nnnn, the number of the paper; the admission number granted is admission_no
  number text not null unique,
  kind text not null check (kind in ('NEW', 'EXPANSION', 'MIGRATION')),
  status text not null,
  tenant_id uuid not null,
  application_id uuid,
  applicant_id uuid not null,
  applicant_name text not null,
  app_name text not null default '',
  app_code text,
  mlps_level integer,
  form_id uuid not null,
  catalog_id uuid not null,
  instance_id uuid,
  rev integer not null default 0,
  -- sums of the catalogue at the last hand-in
  totals jsonb not null default '{}',
  -- a first review has been given: withdrawal has ended
  reviewed boolean not null default false,
  round integer not null default 0,
  -- sent back and not handed in again yet
  returned boolean not null default false,
  -- open steps, as the engine told: [{taskId, node, name, assigneeName, candidateRoles, since, dueAt}]
  steps jsonb not null default '[]',
  admission_no text,
  valid_until date,
  conditions text,
  rejection jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  submitted_at timestamptz,
  decided_at timestamptz,
  -- the first resource request under this number was handed in: it no longer lapses
  used_at timestamptz
);
create index admission_updated on admission (updated_at desc, id desc);
create index admission_tenant_updated on admission (tenant_id, updated_at desc, id desc);
create index admission_submitted on admission (coalesce(submitted_at, 'epoch'::timestamptz) desc, id desc);
create index admission_text on admission using gin (zh_grams(number || ' ' || app_name || ' ' || coalesce(app_code, '') || ' ' || applicant_name || ' ' || coalesce(admission_no, '')));
-- one admission for one system: an application code is open or granted once, except for expansions of it
create unique index admission_code_once on admission (lower(app_code))
  where kind <> 'EXPANSION' and status not in ('DRAFT', 'REJECTED', 'WITHDRAWN', 'CANCELLED', 'EXPIRED');

-- Opinions of both admissions and requests; append only.
create table matter_review (
  id uuid primary key,
  matter_type text not null check (matter_type in ('admission', 'request')),
  matter_id uuid not null,
  node text not null,
  round integer not null,
  result text not null,
  comment text not null,
  points jsonb not null,
  facts jsonb not null,
  by_id uuid not null,
  by_name text not null,
  by_role text not null,
  at timestamptz not null
);
create index matter_review_matter on matter_review (matter_type, matter_id, at);

create table matter_signature (
  id uuid primary key,
  matter_type text not null check (matter_type in ('admission', 'request')),
  matter_id uuid not null,
  person_id uuid not null,
  name text not null,
  role text not null,
  means text not null check (means in ('LETTER', 'ELECTRONIC')),
  letter_no text not null,
  -- digest over what was signed: both forms as handed in
  digest text not null,
  at timestamptz not null
);
create index matter_signature_matter on matter_signature (matter_type, matter_id, at);

-- Capacity that is missing, for the construction project manager.
create table build_demand (
  id uuid primary key,
  matter_type text not null check (matter_type in ('admission', 'request')),
  matter_id uuid not null,
  tenant_id uuid not null,
  shortage jsonb not null,
  status text not null check (status in ('OPEN', 'READY', 'CANNOT')),
  ready_on date,
  comment text not null default '',
  created_at timestamptz not null,
  decided_at timestamptz,
  decided_by_name text
);
create index build_demand_matter on build_demand (matter_type, matter_id, created_at desc);
