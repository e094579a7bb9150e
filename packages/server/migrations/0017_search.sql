-- A list's conditions, kept by name and person. Deleted with a click, not part of any record.
create table saved_view (
  id uuid primary key,
  person_id uuid not null references person (id) on delete cascade,
  list text not null,
  name text not null,
  query jsonb not null,
  saved_at timestamptz not null
);
create unique index saved_view_name on saved_view (person_id, list, name);
