-- Points of a round that are scanned, and what rounds are filled with beforehand.

create table inspection_point (
  id uuid primary key,
  -- what the QR code or the NFC tag says
  code text not null unique,
  title text not null,
  room text not null,
  -- walking order
  seq integer not null,
  created_at timestamptz not null,
  retired_at timestamptz
);

create view inspection_probe as
  select r.application_id, r.at, r.verdict, r.latency_ms from probe_result r;
create view inspection_alarm as
  select id, level, lost from alarm where state = 'FIRING';
