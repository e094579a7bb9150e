-- Work orders: what was approved, made into things, handed over, accepted, archived.

create table work_order (
  id uuid primary key,
  no text not null unique,
  rev integer not null default 1,
  kind text not null check (kind in ('VM', 'BAREMETAL', 'STORAGE_NETWORK')),
  status text not null check (status in
    ('RECEIVED', 'RETURNED', 'FULFILLING', 'FULFILL_FAILED', 'CHECKING', 'DELIVERED', 'ACCEPTED', 'TRIAL', 'CLOSED', 'CANCELLED')),
  request_id uuid not null,
  request_no text not null,
  -- NEW, EXPANSION or MIGRATION: whether a trial run is due
  request_kind text not null,
  application_id uuid not null,
  application_name text not null,
  tenant_id uuid not null,
  tenant_name text not null,
  env text not null check (env in ('PROD', 'TEST', 'DEV', 'DR')),
  -- the applicant: the one who may collect credentials, besides the application's other project managers
  applicant_id uuid,
  approved_at timestamptz not null,
  parent_id uuid references work_order (id),
  connection_id uuid references cloud_connection (id),
  instance_id uuid,
  -- dispatch, not the click on "accept" (service plan 4.3-1)
  received_at timestamptz not null,
  due_at timestamptz not null,
  started_at timestamptz,
  notified_at timestamptz,
  delivered_at timestamptz,
  self_check jsonb,
  share jsonb,
  acceptance jsonb,
  trial jsonb,
  archived_at timestamptz,
  created_at timestamptz not null
);
create index work_order_received on work_order (received_at desc, id desc);
create index work_order_due on work_order (due_at, id);
create index work_order_open_due on work_order (due_at) where delivered_at is null and status <> 'CANCELLED';
create index work_order_request on work_order (request_id);
create index work_order_application on work_order (application_id, received_at desc);
create index work_order_tenant on work_order (tenant_id, received_at desc);
create index work_order_search on work_order using gin (zh_grams(no || ' ' || request_no || ' ' || application_name || ' ' || tenant_name));

create table work_order_line (
  id uuid primary key,
  work_order_id uuid not null references work_order (id),
  no integer not null,
  kind text not null check (kind in ('VM', 'BAREMETAL', 'STORAGE', 'NETWORK', 'SECURITY')),
  way text not null check (way in ('DRIVER', 'MANUAL')),
  manual_reason text,
  state text not null check (state in ('PENDING', 'WORKING', 'READY', 'FAILED', 'DELIVERED', 'ACCEPTED', 'MOVED', 'CANCELLED')),
  title text not null,
  spec jsonb not null,
  -- every line has its own clock; 4.3-1a: two working days, 4.3-1b: seven
  clause text not null check (clause in ('4.3-1a', '4.3-1b')),
  workdays integer not null check (workdays > 0),
  received_at timestamptz not null,
  due_at timestamptz not null,
  due_on date not null,
  provisional boolean not null,
  -- working days added by approved suspensions
  held_days integer not null default 0,
  delivered_at timestamptz,
  checklist jsonb not null,
  result jsonb not null default '[]',
  error text,
  usage_until date not null,
  recorded_at timestamptz,
  unique (work_order_id, no)
);
create index work_order_line_open_due on work_order_line (due_at) where delivered_at is null and state not in ('MOVED', 'CANCELLED');
create index work_order_line_lease on work_order_line (usage_until, id) where state in ('DELIVERED', 'ACCEPTED');

-- Which resources a line needs, in the order in which they are made; many lines share a project or a network.
create table work_order_step (
  line_id uuid not null references work_order_line (id),
  seq integer not null,
  resource_key text not null,
  primary key (line_id, resource_key)
);

-- What happened, for timelines and clause meters. The ledger seals it besides.
create table work_order_event (
  id uuid primary key,
  work_order_id uuid not null references work_order (id),
  line_id uuid references work_order_line (id),
  at timestamptz not null,
  kind text not null,
  by_id uuid,
  by_name text not null,
  by_system boolean not null,
  zh text not null,
  en text not null,
  data jsonb not null default '{}'
);
create index work_order_event_order on work_order_event (work_order_id, at, id);

create table work_order_hold (
  id uuid primary key,
  work_order_id uuid not null references work_order (id),
  reason text not null,
  state text not null check (state in ('PROPOSED', 'HELD', 'REFUSED', 'ENDED')),
  proposed_by uuid not null,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  ended_at timestamptz
);
create unique index work_order_hold_one_open on work_order_hold (work_order_id) where state in ('PROPOSED', 'HELD');

-- The secret is encrypted; once shown it is wiped.
create table work_order_credential (
  id uuid primary key,
  work_order_id uuid not null references work_order (id),
  line_id uuid not null references work_order_line (id),
  label text not null,
  address text,
  user_name text not null,
  sealed text,
  -- null until the delivery makes it collectable
  ready_at timestamptz,
  collected_at timestamptz,
  collected_by uuid,
  collected_by_name text,
  unique (line_id, label)
);
create index work_order_credential_order on work_order_credential (work_order_id);

-- A link ends; only the digest of its token is kept. A new one ends the one before.
create table work_order_link (
  token_sha256 text primary key,
  work_order_id uuid not null references work_order (id),
  ends_at timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null
);
create index work_order_link_order on work_order_link (work_order_id);

create table work_order_signature (
  work_order_id uuid not null references work_order (id),
  party text not null check (party in ('APPLICATION', 'PROVIDER', 'CUSTOMER')),
  by_id uuid not null,
  by_name text not null,
  at timestamptz not null,
  comment text not null,
  primary key (work_order_id, party)
);

create table work_order_lease_reminder (
  line_id uuid not null references work_order_line (id),
  usage_until date not null,
  days_before integer not null,
  at timestamptz not null,
  primary key (line_id, usage_until, days_before)
);
