-- A wrong instant in a history is put right by a slip that keeps both values and two people; the line itself is never touched.

create table incident_correction (
  id             uuid primary key,
  number         text not null unique,
  incident_id    uuid not null references incident (id),
  event_id       uuid not null references incident_event (id),
  -- the value in force when the slip was asked for, and the one it puts in its place
  was_at         timestamptz not null,
  to_at          timestamptz not null,
  reason         text not null,
  -- whose person asked; the other side decides
  side           text not null check (side in ('PROVIDER', 'CUSTOMER')),
  asked_by_id    uuid not null references person (id),
  asked_by       text not null,
  asked_at       timestamptz not null,
  state          text not null check (state in ('ASKED', 'AGREED', 'REFUSED')),
  decided_by_id  uuid references person (id),
  decided_by     text,
  decided_at     timestamptz,
  comment        text not null default '',
  check (was_at <> to_at),
  check (decided_by_id <> asked_by_id),
  check ((state = 'ASKED') = (decided_at is null) and (decided_at is null) = (decided_by_id is null))
);
create index incident_correction_of on incident_correction (incident_id, asked_at, id);
create unique index incident_correction_waits on incident_correction (event_id) where state = 'ASKED';

create function incident_correction_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'ASKED' or (old.was_at, old.to_at, old.event_id, old.reason, old.asked_by_id, old.asked_at)
    is distinct from (new.was_at, new.to_at, new.event_id, new.reason, new.asked_by_id, new.asked_at) then
    raise exception 'incident_correction is kept as it was asked and decided';
  end if;
  return new;
end $$;
create trigger incident_correction_kept before update or delete on incident_correction
  for each row execute function incident_correction_is_kept();
