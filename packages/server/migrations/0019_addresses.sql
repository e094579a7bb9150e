-- Ranges and addresses that provisioning gave out of the address pools of the base parameters. What is given back keeps its row.

create table address_range (
  id uuid primary key,
  -- name of the pool as it stood then
  pool text not null,
  cidr cidr not null,
  -- the network of one application and environment
  application_id uuid not null,
  env text not null check (env in ('PROD', 'TEST', 'DEV', 'DR')),
  allotted_at timestamptz not null,
  released_at timestamptz,
  -- never twice, not even in part, whatever the program thinks
  constraint address_range_once exclude using gist (cidr inet_ops with &&) where (released_at is null)
);
create unique index address_range_holder on address_range (application_id, env) where released_at is null;

create table address_allotment (
  id uuid primary key,
  pool text not null,
  address inet not null,
  -- null for a public address, which comes from a pool directly
  range_id uuid references address_range (id),
  -- our key of the port or public address it is for
  resource_key text not null,
  line_id uuid not null references work_order_line (id),
  allotted_at timestamptz not null,
  released_at timestamptz
);
create unique index address_allotment_once on address_allotment (address) where released_at is null;
create unique index address_allotment_key on address_allotment (resource_key) where released_at is null;
create index address_allotment_line on address_allotment (line_id) where released_at is null;
create index address_allotment_range on address_allotment (range_id) where released_at is null;
