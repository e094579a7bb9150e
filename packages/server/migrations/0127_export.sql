-- Every export that left the product, and those that wait for a second person.

create table export_record (
  id uuid primary key,
  number text not null unique,
  -- the address of the endpoint below /api, as the contract writes it
  path text not null,
  data_class text not null check (data_class in ('public', 'internal', 'sensitive', 'personal')),
  state text not null check (state in ('TAKEN', 'PENDING', 'APPROVED', 'REFUSED')),
  by_id uuid references person (id),
  by_name text not null,
  reason text not null default '',
  -- what it was asked with; digest of it: an approval is for exactly that
  input jsonb,
  input_digest text not null,
  rows integer,
  file_name text,
  at timestamptz not null,
  decided_by uuid references person (id),
  decided_by_name text,
  decided_at timestamptz,
  comment text not null default '',
  taken_at timestamptz,
  expires_at timestamptz
);
create index export_record_recent on export_record (at desc, id desc);
create index export_record_mine on export_record (by_id, at desc, id desc);
