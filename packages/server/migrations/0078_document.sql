-- The operations register: guidance, the weekly board, co-ordination, planning papers; the library and yearly packages.
create table guidance (
  id uuid primary key,
  -- YD-yyyymmdd-nnnn
  number text not null unique,
  title text not null,
  text text not null,
  by_name text not null,
  at timestamptz not null
);
create index guidance_at on guidance (at);

-- The figures as they were when the week was signed.
create table board_signature (
  week text primary key check (week ~ '^20\d\d-W\d\d$'),
  figures jsonb not null,
  remarks text not null,
  by_name text not null,
  at timestamptz not null
);
create index board_signature_at on board_signature (at);

create table coordination (
  id uuid primary key,
  -- XT-yyyymmdd-nnnn
  number text not null unique,
  title text not null,
  party text not null,
  owner_id uuid not null,
  owner_name text not null,
  due_on date not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  result text not null default ''
);
create index coordination_due on coordination (due_on, id);

create table planning_paper (
  id uuid primary key,
  -- GH-yyyymmdd-nnnn
  number text not null unique,
  year integer not null,
  tenant_id uuid not null,
  status text not null check (status in ('DRAFT', 'SENT', 'ACKNOWLEDGED')),
  figures jsonb not null,
  advice text not null default '',
  as_of timestamptz not null,
  sent_at timestamptz,
  ack_by_name text,
  ack_at timestamptz,
  ack_comment text not null default '',
  unique (year, tenant_id)
);
create index planning_paper_sent on planning_paper (sent_at) where sent_at is not null;

create table library_document (
  id uuid primary key,
  title text not null,
  kind text not null check (kind in ('MANUAL', 'REGULATION', 'CONTRACT', 'RECORD', 'OTHER')),
  keep_until date not null,
  retired_at timestamptz,
  created_at timestamptz not null
);
create table library_version (
  document_id uuid not null references library_document (id),
  version integer not null check (version > 0),
  file_id uuid not null,
  file_name text not null,
  digest text not null,
  digest_algorithm text not null,
  note text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (document_id, version)
);
create index library_version_at on library_version (at);

create table archive_package (
  id uuid primary key,
  year integer not null,
  files integer not null,
  -- of the manifest, which names every file with its digest
  digest text not null,
  digest_algorithm text not null,
  by_name text not null,
  at timestamptz not null
);
create index archive_package_year on archive_package (year desc, at desc);

-- What board and papers are counted from. Their owners keep these views when a table changes.
create view register_incident as select tenant_id, clock_start_at, closed_at from incident where merged_into_id is null;
create view register_line as select due_at, delivered_at from work_order_line where state not in ('MOVED', 'CANCELLED');
create view register_round as select valid, done_at from inspection_round where done_at is not null;
create view register_call as select called_at from hotline_call;
create view register_server as select tenant_id, vcpu, mem_gib, created_at, retired_at from server;
create view register_volume as select tenant_id, gib, created_at, retired_at from volume;
