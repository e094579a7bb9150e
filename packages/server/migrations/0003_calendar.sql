-- Working days of the State Council's notices as dated, sourced data; edited by two people.

-- One row, always: a new revision tells every process that its copy of the calendar is old.
create table calendar_state (
  "only" boolean primary key default true check ("only"),
  revision uuid not null
);

create table calendar_year (
  year integer primary key check (year between 2000 and 2200),
  status text not null check (status in ('PUBLISHED', 'PROVISIONAL')),
  published_doc text not null,
  source text not null,
  published_at timestamptz
);

-- Only days that differ from what the week says.
create table calendar_day (
  on_day date primary key,
  year integer not null references calendar_year (year),
  kind text not null check (kind in ('WORKDAY', 'WEEKEND', 'STATUTORY', 'IN_LIEU_REST', 'MAKEUP_WORK')),
  name text,
  name_en text,
  -- null: the notice of the year
  published_doc text,
  source text not null,
  changed_by_name text,
  approved_by_name text
);
create index calendar_day_year on calendar_day (year);

create table calendar_change (
  id uuid primary key,
  year integer not null,
  publishes boolean not null,
  published_doc text not null,
  reason text not null,
  status text not null check (status in ('PROPOSED', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
  days jsonb not null,
  proposed_by uuid not null,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  comment text,
  check (decided_by is null or status = 'WITHDRAWN' or decided_by <> proposed_by)
);
create index calendar_change_recent on calendar_change (id desc);
create index calendar_change_open on calendar_change (year) where status = 'PROPOSED';
