-- Measurements at a five-minute beat and what follows from them: findings, cases, exemptions.

-- Roll-up of one measure of one item over one day in Shanghai. A measured stretch is five minutes; the sum is of all its stretches.
create table reclaim_day (
  item_id     uuid not null,
  metric      text not null,
  on_day      date not null,
  peak        double precision not null,
  peak_at     timestamptz not null,
  mean        double precision not null,
  sum         double precision not null,
  measured_seconds integer not null check (measured_seconds between 0 and 86400),
  interval_seconds integer not null,
  source      text not null check (source in ('MONITOR', 'AGENT', 'MANUAL')),
  primary key (item_id, metric, on_day)
);
-- detection reads a month of everything: ordered by day it is one stretch of the index
create index reclaim_day_on on reclaim_day (on_day, metric) include (item_id, peak, sum, measured_seconds);

-- The averages the roll-up came from, as pairs of second of the day and value; read for charts, clusters and days with approved maintenance.
create table reclaim_series (
  item_id     uuid not null,
  metric      text not null,
  on_day      date not null,
  seconds     integer[] not null,
  values      double precision[] not null,
  primary key (item_id, metric, on_day)
);

-- Servers that do one job together. The least number of nodes is the bureau's word; null: not said yet.
create table reclaim_cluster (
  id             uuid primary key,
  name           text not null,
  tenant_id      uuid not null,
  application_id uuid not null,
  server_ids     uuid[] not null,
  min_nodes      integer check (min_nodes >= 1),
  min_by_name    text,
  min_at         timestamptz,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  retired_at     timestamptz
);
create index reclaim_cluster_application on reclaim_cluster (application_id);

create table reclaim_run (
  id          uuid primary key,
  at          timestamptz not null,
  by_name     text not null,
  by_hand     boolean not null,
  -- within the shadow period findings are reported and nothing is begun
  shadow      boolean not null,
  rules       jsonb not null,
  looked_at   integer not null default 0,
  counts      jsonb not null default '{}',
  done_at     timestamptz
);

-- What a run says of one thing. KEEP is counted, not kept.
create table reclaim_finding (
  id             uuid primary key,
  run_id         uuid not null references reclaim_run (id),
  subject        text not null check (subject in ('SERVER', 'CLUSTER', 'VOLUME')),
  item_id        uuid not null,
  item_name      text not null,
  tenant_id      uuid,
  application_id uuid,
  verdict        text not null check (verdict in ('RELEASE', 'RIGHT_SIZE', 'CLUSTER_SHRINK', 'SHRINK', 'NO_CONCLUSION')),
  rule           text,
  figures        jsonb not null,
  reason         jsonb not null,
  -- why no case is begun: on the exemption list, too new, a standby, shadow
  excluded       text,
  case_id        uuid,
  vcpu           integer not null default 0,
  mem_gib        integer not null default 0,
  gib            integer not null default 0
);
create index reclaim_finding_run on reclaim_finding (run_id, verdict, id desc);
create index reclaim_finding_tenant on reclaim_finding (tenant_id, run_id);

create table reclaim_exemption (
  id             uuid primary key,
  item_id        uuid not null,
  item_name      text not null,
  tenant_id      uuid,
  application_id uuid,
  kind           text not null check (kind in ('DR_STANDBY', 'SEASONAL', 'KEPT', 'OTHER')),
  reason         text not null,
  from_on        date not null,
  until_on       date not null check (until_on >= from_on),
  case_id        uuid,
  approved_by    uuid,
  approved_by_name text not null,
  at             timestamptz not null,
  ended_at       timestamptz,
  ended_by_name  text
);
create index reclaim_exemption_item on reclaim_exemption (item_id, until_on);

create table reclaim_case (
  id             uuid primary key,
  number         text not null unique,
  process_key    text not null check (process_key in ('server-reclaim', 'storage-reclaim')),
  subject        text not null check (subject in ('SERVER', 'CLUSTER', 'VOLUME')),
  item_id        uuid not null,
  item_name      text not null,
  tenant_id      uuid,
  application_id uuid,
  source         text not null check (source in ('RULE', 'OWNER', 'EXPIRY', 'APP_RETIRED')),
  rule           text,
  finding_id     uuid,
  reason         text not null default '',
  status         text not null,
  outcome        text check (outcome in ('RELEASED', 'RIGHT_SIZED', 'SHRUNK', 'TIERED', 'KEPT')),
  node           text,
  -- what was allocated when the case began, and what was measured
  allocated      jsonb not null,
  figures        jsonb,
  report         jsonb,
  assessment     jsonb,
  reply          jsonb,
  ruling         jsonb,
  change         jsonb,
  cool_until     timestamptz,
  saving         jsonb,
  asked_at       timestamptz,
  instance_id    uuid,
  created_by     uuid,
  created_by_name text not null,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  closed_at      timestamptz
);
-- one open case for each thing
create unique index reclaim_case_open on reclaim_case (item_id) where closed_at is null;
create index reclaim_case_tenant on reclaim_case (tenant_id, id desc);
create index reclaim_case_closed on reclaim_case (closed_at desc, id desc) where closed_at is not null;

-- Each server or volume a case takes back, one after the other: what was done to it and what proves it.
create table reclaim_part (
  id            uuid primary key,
  case_id       uuid not null references reclaim_case (id),
  seq           integer not null,
  item_type     text not null check (item_type in ('server', 'volume')),
  item_id       uuid not null,
  item_name     text not null,
  vcpu          integer not null,
  mem_gib       integer not null,
  gib           integer not null,
  state         text not null check (state in ('WAITING', 'BACKED_UP', 'COOLING', 'RELEASED', 'RECOVERED')),
  backup        jsonb,
  declaration   jsonb,
  -- the server a volume hung on when it was frozen
  was_on        uuid,
  stopped_at    timestamptz,
  cool_until    timestamptz,
  released_at   timestamptz,
  proof         jsonb,
  -- the backup is kept until then, and gone since then
  backup_until  timestamptz,
  backup_gone_at timestamptz,
  unique (case_id, seq)
);
create index reclaim_part_backup on reclaim_part (backup_until) where backup_until is not null and backup_gone_at is null;

create table reclaim_event (
  id          uuid primary key,
  case_id     uuid not null references reclaim_case (id),
  at          timestamptz not null,
  by_person_id uuid,
  by_name     text not null,
  kind        text not null,
  text        text not null,
  data        jsonb
);
create index reclaim_event_case on reclaim_event (case_id, id);
