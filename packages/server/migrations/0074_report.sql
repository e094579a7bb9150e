-- Monthly reports: comments by five parties, versions, approvals, presentation, errata; and what the report reads of other modules.

create table report (
  id uuid primary key,
  month text not null unique check (month ~ '^20\d\d-(0[1-9]|1[0-2])$'),
  -- YB-yyyymmdd-nnnn
  number text not null unique,
  status text not null check (status in ('DRAFT', 'INTERNAL', 'APPROVED', 'PRESENTED')),
  version integer not null default 0,
  opened_at timestamptz not null,
  -- the first handing-in; a return does not take it back
  submitted_at timestamptz,
  missing_reason text not null default '',
  -- whether all five parties had signed at the first handing-in
  complete boolean,
  approved_at timestamptz,
  presentation jsonb
);
create index report_month on report (month desc, id desc);

-- Each saving of a comment; the highest rev is what stands there.
create table report_comment (
  report_id uuid not null references report (id),
  section text not null,
  author text not null,
  rev integer not null check (rev > 0),
  text text not null,
  by_id uuid not null,
  by_name text not null,
  at timestamptz not null,
  primary key (report_id, section, author, rev)
);

create table report_signature (
  report_id uuid not null references report (id),
  author text not null,
  by_id uuid not null,
  by_name text not null,
  at timestamptz not null,
  primary key (report_id, author)
);

-- What was handed in, whole: figures, tables and comments of that instant. Never changed.
create table report_version (
  report_id uuid not null references report (id),
  version integer not null check (version > 0),
  -- JSON as text, so that its digest can be computed again byte for byte
  content text not null,
  digest text not null,
  digest_algorithm text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (report_id, version)
);

create table report_approval (
  report_id uuid not null references report (id),
  version integer not null,
  "group" text not null,
  result text not null check (result in ('APPROVE', 'RETURN')),
  comment text not null,
  by_id uuid not null,
  by_name text not null,
  at timestamptz not null,
  primary key (report_id, version, "group")
);

-- The customer's manager and leader say themselves that they heard it.
create table report_receipt (
  report_id uuid not null references report (id),
  role text not null check (role in ('CUSTOMER_OM_MANAGER', 'CUSTOMER_LEADER')),
  by_id uuid not null,
  by_name text not null,
  feedback text not null,
  at timestamptz not null,
  primary key (report_id, role)
);

create table report_erratum (
  id uuid primary key,
  report_id uuid not null references report (id),
  section text not null,
  wrong text not null,
  "right" text not null,
  reason text not null,
  by_name text not null,
  at timestamptz not null,
  agreed_by_name text,
  agreed_at timestamptz,
  -- over the frozen version's digest (or the erratum before) and these words
  digest text not null,
  digest_algorithm text not null
);
create index report_erratum_of on report_erratum (report_id, at, id);

-- Word templates with marks: shipped with the plan, or handed in by the office and approved by a second person.
create table report_template (
  id uuid primary key,
  source text not null check (source in ('PLAN', 'UPLOAD')),
  bytes bytea not null,
  digest text not null unique,
  digest_algorithm text not null,
  by_id uuid,
  by_name text not null,
  at timestamptz not null,
  approved_by_name text,
  approved_at timestamptz
);

create function report_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'what was handed in is never changed; an erratum stands beside it';
end $$;
create trigger report_version_stays before update or delete on report_version for each row execute function report_refuse_change();

-- What a report may know of other modules' tables. Their owners keep these views when a table changes.
create view report_server as
  select id, kind, tenant_id, application_id, name, env, vcpu, mem_gib, root_gib, created_at, retired_at from server;
create view report_volume as select id, kind, tier, gib, created_at, retired_at from volume;
create view report_network as select id, kind, created_at, retired_at from network;
create view report_pool as
  select p.code, p.name, p.vcpu, p.mem_gib, p.storage_gib, p.baremetal,
         coalesce(sum(a.vcpu) filter (where a.state <> 'RELEASED'), 0)::bigint as held_vcpu,
         coalesce(sum(a.mem_gib) filter (where a.state <> 'RELEASED'), 0)::bigint as held_mem_gib,
         coalesce(sum(a.storage_gib) filter (where a.state <> 'RELEASED'), 0)::bigint as held_storage_gib
  from pool p left join pool_allocation a on a.pool_id = p.id where p.retired_at is null
  group by p.id;
create view report_incident as
  select id, number, title, severity, status, is_security, source, clock_start_at, closed_at from incident where merged_into_id is null;
create view report_incident_clock as
  select c.incident_id, c.clock, c.due_at, c.done_at, i.severity from incident_clock c join incident i on i.id = c.incident_id
  where i.merged_into_id is null;
create view report_incident_action as select id, due_on, state, done_at from incident_action;
create view report_request as select id, kind, status, outcome, submitted_at, decided_at from request;
create view report_order_line as
  select id, kind, due_at, delivered_at as done_at from work_order_line where state not in ('MOVED', 'CANCELLED');
create view report_round as select id, kind, valid, abnormal, done_at from inspection_round where done_at is not null;
create view report_call as select id, line, type, called_at, answered_at, rating from hotline_call;
