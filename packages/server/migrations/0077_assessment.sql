-- Quarterly assessments, their issues, and the plans that follow from them.
create table assessment (
  id uuid primary key,
  -- PG-yyyymmdd-nnnn
  number text not null unique,
  quarter text not null unique check (quarter ~ '^20\d\d-Q[1-4]$'),
  status text not null check (status in ('DRAFT', 'PUBLISHED')),
  conclusion text not null default '',
  prepared_by uuid,
  prepared_by_name text not null,
  opened_at timestamptz not null,
  published_at timestamptz,
  -- what was published, as JSON text, so that its digest can be computed again
  content text,
  digest text,
  digest_algorithm text,
  check ((status = 'PUBLISHED') = (published_at is not null and content is not null and digest is not null))
);
create index assessment_quarter on assessment (quarter desc, id desc);

create table assessment_issue (
  id uuid primary key,
  assessment_id uuid not null references assessment (id),
  text text not null,
  severity text not null check (severity in ('HIGH', 'MEDIUM', 'LOW')),
  basis text not null,
  need_improve boolean not null,
  at timestamptz not null
);
create index assessment_issue_of on assessment_issue (assessment_id, id);

create table optimisation (
  id uuid primary key,
  -- YH-yyyymmdd-nnnn
  number text not null unique,
  issue_id uuid not null unique references assessment_issue (id),
  kind text not null check (kind in ('PROCESS', 'PLATFORM')),
  status text not null check (status in ('IN_REVIEW', 'REVISE', 'ACTIVE', 'REJECTED', 'VERIFIED')),
  goal jsonb not null,
  measures text not null,
  budget_yuan double precision,
  risks text not null,
  prepared_by uuid not null,
  prepared_by_name text not null,
  prepared_at timestamptz not null,
  -- when the review let it begin, and when it was over
  begun_at timestamptz,
  ended_at timestamptz,
  verified jsonb
);
create index optimisation_active on optimisation (begun_at) where begun_at is not null;

create table optimisation_milestone (
  id uuid primary key,
  optimisation_id uuid not null references optimisation (id),
  name text not null,
  due_on date not null,
  owner_name text not null,
  done_at timestamptz,
  evidence text not null default ''
);
create index optimisation_milestone_of on optimisation_milestone (optimisation_id, due_on, id);

create table optimisation_review (
  id uuid primary key,
  optimisation_id uuid not null references optimisation (id),
  result text not null check (result in ('PASS', 'REVISE', 'REJECT')),
  attendees text not null,
  comment text not null,
  by_name text not null,
  at timestamptz not null
);
create index optimisation_review_of on optimisation_review (optimisation_id, at);

create table optimisation_track (
  id uuid primary key,
  optimisation_id uuid not null references optimisation (id),
  -- in Asia/Shanghai, YYYY-MM
  month text not null,
  progress integer not null check (progress between 0 and 100),
  deviation text not null,
  adjustment text not null,
  by_name text not null,
  at timestamptz not null
);
create index optimisation_track_of on optimisation_track (optimisation_id, at);

-- What the figures of a quarter are counted from. Their owners keep these views when a table changes.
create view assessment_incident as
  select id, severity, is_security, clock_start_at, closed_at from incident where merged_into_id is null;
create view assessment_clock as
  select c.clock, c.start_at, c.due_at, c.done_at from incident_clock c join incident i on i.id = c.incident_id where i.merged_into_id is null;
create view assessment_server as select vcpu, created_at, retired_at from server;
create view assessment_call as select called_at, rating from hotline_call;
