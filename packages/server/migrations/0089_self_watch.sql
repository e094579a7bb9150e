-- The chain of alarms watches itself: what must be heard of again and again, and how far the clocks of sources are off.
create table alarm_pulse (
  -- 'evaluator', 'watch', 'heartbeat', or 'watchdog:' and whose alert it is
  name text primary key,
  title text not null,
  at timestamptz not null,
  -- silence longer than this is an alarm
  allowed_seconds integer not null check (allowed_seconds > 0)
);

-- newest sample minus our clock when it arrived: above zero the source is ahead. Null until it has sent samples.
alter table telemetry_source add column skew_ms integer;
-- since when it has been off by more than it may
alter table telemetry_source add column skewed_since timestamptz;
