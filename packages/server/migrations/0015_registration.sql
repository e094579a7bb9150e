-- Bureaus that register themselves, and the one-time links by which a first password is set.

alter table tenant add credit_code text;
create unique index tenant_credit_code on tenant (credit_code);

create table bureau_registration (
  id uuid primary key,
  number text not null unique,
  name text not null,
  -- unified social credit code, 18 characters
  credit_code text not null,
  pm_name text not null,
  pm_phone text not null,
  pm_email text not null,
  tl_name text not null,
  tl_phone text not null,
  tl_email text not null,
  letter_id uuid not null references file (id),
  locale text not null check (locale in ('zh-CN', 'en-US')),
  -- where it came from
  address text not null,
  submitted_at timestamptz not null,
  status text not null check (status in ('SUBMITTED', 'TAKEN_ON', 'REFUSED')),
  reason text,
  decided_by uuid references person (id),
  decided_at timestamptz,
  tenant_id uuid references tenant (id)
);
create index bureau_registration_recent on bureau_registration (submitted_at desc, id desc);
create index bureau_registration_waiting on bureau_registration (credit_code) where status = 'SUBMITTED';

-- Whoever has the secret of an unused link in time sets the person's first password. Using one ends the person's others.
create table entry_link (
  -- sha-256 of the secret
  digest text primary key,
  person_id uuid not null references person (id),
  -- null: by the platform, when a grant took effect
  issued_by uuid references person (id),
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  used_from text
);
create index entry_link_person on entry_link (person_id) where used_at is null;

-- sealed for the purpose `notification.link`: a link that is a secret, opened only to be sent, gone once sent
alter table notice_delivery add link_sealed text;
