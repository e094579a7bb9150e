-- Status pages of bureaus: each token opens the page of one bureau and nothing else.
create table status_token (
  id uuid primary key,
  tenant_id uuid not null references tenant,
  name text not null,
  token_sha256 text not null unique,
  state text not null check (state in ('PENDING', 'ACTIVE', 'REVOKED')),
  created_by text not null,
  created_by_person_id uuid not null,
  created_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  last_used_at timestamptz
);
create index status_token_list on status_token (created_at desc);
