-- Stretches of time in which a metric of an object was reported without a longer silence, once they are over. The one that runs is the row of alarm_reading,
-- from first_at to last_at. What was watched in a month that is over is then a matter of record, also after the reading itself was forgotten.
create table alarm_reported (
  metric text not null,
  object_key text not null,
  object_id uuid not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  primary key (metric, object_key, from_at),
  check (from_at <= until_at)
);
create index alarm_reported_until on alarm_reported (until_at, from_at);

-- Silent for longer than a reading counts as fresh (FRESH in coverage.service.ts): what comes now begins a stretch of its own.
create function alarm_reading_resumed() returns trigger language plpgsql as $$
begin
  if old.object_id is not null then
    insert into alarm_reported (metric, object_key, object_id, from_at, until_at)
      values (old.metric, old.object_key, old.object_id, old.first_at, old.last_at) on conflict do nothing;
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  new.first_at := new.last_at;
  return new;
end $$;
create trigger alarm_reading_resumed before update on alarm_reading for each row
  when (new.last_at > old.last_at + interval '10 minutes' or new.object_id is distinct from old.object_id) execute function alarm_reading_resumed();
create trigger alarm_reading_forgotten before delete on alarm_reading for each row execute function alarm_reading_resumed();
