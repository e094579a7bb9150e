-- Logs of devices and servers by syslog: a partition a day, kept 180 days and more, searched by time, device, severity and text.
create extension if not exists pg_trgm;

create table log_line (
  id bigint generated always as identity,
  -- when it arrived here: what partitions and paging go by, since clocks of devices lie
  received_at timestamptz not null,
  -- what the device says; null if it says nothing that can be read
  sent_at timestamptz,
  device text not null,
  item_id uuid,
  facility smallint not null check (facility between 0 and 23),
  severity smallint not null check (severity between 0 and 7),
  app text not null default '',
  text text not null,
  primary key (received_at, id)
) partition by range (received_at);
create table log_line_default partition of log_line default;
create index log_line_device on log_line (device, received_at desc, id desc);
create index log_line_severe on log_line (received_at desc, id desc) where severity <= 3;
create index log_line_text on log_line using gin (text gin_trgm_ops);

-- Who has sent a line, and which object of the inventory that is.
create table log_device (
  name text primary key,
  address text not null,
  item_id uuid,
  first_at timestamptz not null,
  last_at timestamptz not null,
  lines bigint not null
);

create table log_query (
  id uuid primary key,
  person_id uuid not null,
  name text not null,
  is_shared boolean not null,
  query jsonb not null,
  created_at timestamptz not null,
  unique (person_id, name)
);
