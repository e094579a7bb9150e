-- Taking over what ran before us: proposed an application at a time, confirmed by its bureau. What happened before that instant is recorded nowhere.

create table adoption (
  id uuid primary key,
  number text not null unique,
  tenant_id uuid not null references tenant (id),
  -- an application that is recorded already, or the one that the confirmation makes
  application_id uuid references application (id),
  code text not null,
  name text not null,
  env text not null check (env in ('PROD', 'TEST', 'DEV', 'DR')),
  mlps_level integer not null check (mlps_level between 1 and 3),
  how text not null check (how in ('PROJECT', 'SHEET')),
  note text not null default '',
  state text not null check (state in ('PROPOSED', 'CONFIRMED', 'RETURNED', 'WITHDRAWN')),
  -- given on confirmation; its prefix says that it was given afterwards
  admission_no text,
  proposed_by uuid not null references person (id),
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by uuid references person (id),
  decided_by_name text,
  decided_at timestamptz,
  reason text
);
create index adoption_page on adoption (proposed_at desc, id desc);
create index adoption_open on adoption (tenant_id, state);
create index adoption_application on adoption (application_id) where state = 'CONFIRMED';
create unique index adoption_code on adoption (lower(code)) where state = 'PROPOSED';

create table adoption_thing (
  adoption_id uuid not null references adoption (id),
  connection_id uuid not null,
  kind text not null check (kind in ('server', 'volume', 'network', 'address')),
  external_id text not null,
  name text not null,
  -- false: the bureau said it is not theirs, or the proposal is over
  live boolean not null,
  refusal text,
  item_id uuid,
  primary key (adoption_id, connection_id, kind, external_id)
);
-- nothing is proposed to two bureaus at once, nor taken over twice
create unique index adoption_thing_live on adoption_thing (connection_id, kind, external_id) where live;
