-- Weekly meetings: agenda, attendance, minutes, and what was decided, tracked over the weeks.
create table meeting (
  id uuid primary key,
  -- LH-yyyymmdd-nnnn
  number text not null unique,
  week text not null unique check (week ~ '^20\d\d-W\d\d$'),
  rev integer not null default 1,
  status text not null check (status in ('PREPARED', 'HELD', 'ARCHIVED')),
  held_at timestamptz,
  place text not null default '',
  host_id uuid not null,
  host_name text not null,
  attendees jsonb not null,
  major_events jsonb not null,
  none_declared boolean not null default false,
  next_plans jsonb not null,
  customer_comment text not null default '',
  archive_due_at timestamptz,
  archived_at timestamptz,
  prepared_at timestamptz not null,
  check ((status = 'PREPARED') = (held_at is null)),
  check ((status = 'ARCHIVED') = (archived_at is not null))
);
create index meeting_week on meeting (week desc, id desc);
create index meeting_held on meeting (held_at) where held_at is not null;

create table meeting_item (
  id uuid primary key,
  meeting_id uuid not null references meeting (id),
  week text not null,
  kind text not null check (kind in ('DECISION', 'FOLLOW_UP')),
  text text not null,
  owner_id uuid not null,
  owner_name text not null,
  due_on date not null,
  done_at timestamptz,
  done_note text not null default ''
);
create index meeting_item_due on meeting_item (due_on, id);
create index meeting_item_of on meeting_item (meeting_id, id);
create index meeting_item_open on meeting_item (due_on) where done_at is null;

create table meeting_ack (
  meeting_id uuid not null references meeting (id),
  person_id uuid not null,
  name text not null,
  "group" text not null,
  at timestamptz not null,
  primary key (meeting_id, person_id)
);

-- What an agenda is filled from. Their owners keep these views when a table changes.
create view meeting_incident as
  select id, number, title, severity, status, clock_start_at, closed_at from incident where merged_into_id is null;
create view meeting_downtime as
  select id, reason, impact, planned_from, planned_to, proposed_by, proposed_by_person_id from planned_downtime where cancelled_at is null;
