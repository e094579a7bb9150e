-- Problems: the cause behind one or several incidents, known errors with their way round, and whether it came back.

create table problem (
  id            uuid primary key,
  -- WT-yyyymmdd-nnnn
  number        text not null unique,
  title         text not null,
  description   text not null,
  nature        text,
  root_cause    text not null,
  workaround    text not null,
  solution      text not null,
  state         text not null check (state in ('OPEN', 'KNOWN_ERROR', 'RESOLVED', 'CLOSED')),
  owner_id      uuid references person (id),
  resolved_by   uuid references person (id),
  resolved_at   timestamptz,
  closed_at     timestamptz,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  check ((state in ('RESOLVED', 'CLOSED')) = (resolved_at is not null)),
  check (state <> 'KNOWN_ERROR' or (root_cause <> '' and workaround <> ''))
);
create index problem_open on problem (id desc) where state <> 'CLOSED';
create index problem_text on problem using gin (zh_grams(number || ' ' || title || ' ' || description || ' ' || root_cause || ' ' || workaround));

-- Which incidents it was behind. RECURRED: it began within the watch after an earlier one had ended.
create table problem_incident (
  incident_id   uuid primary key references incident (id),
  problem_id    uuid not null references problem (id),
  began_at      timestamptz not null,
  recurred      boolean not null,
  -- whole days since the earlier one ended, when it recurred
  after_days    integer,
  linked_at     timestamptz not null,
  linked_by     text not null
);
create index problem_incident_of on problem_incident (problem_id, began_at);
create index problem_incident_recurred on problem_incident (began_at) where recurred;

create table problem_event (
  id          uuid primary key,
  problem_id  uuid not null references problem (id),
  kind        text not null,
  at          timestamptz not null,
  by_name     text not null,
  text        text not null
);
create index problem_event_of on problem_event (problem_id, at, id);
create function problem_event_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'problem_event is append-only';
end $$;
create trigger problem_event_append_only before update or delete on problem_event
  for each statement execute function problem_event_is_append_only();

-- preventive actions of all incidents, the one due first on top
create index incident_action_due on incident_action (due_on, id);
