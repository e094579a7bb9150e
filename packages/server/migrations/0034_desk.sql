-- Calls of the hotline: who called, what about, what came of it.

create table hotline_call (
  id              uuid primary key,
  line            text not null check (line in ('DESK', 'MOBILE')),
  called_at       timestamptz not null,
  answered_at     timestamptz,
  agent_id        uuid not null references person (id),
  agent_name      text not null,
  caller_name     text not null,
  caller_org      text not null,
  phone           text not null,
  phone_digits    text not null,
  type            text not null check (type in ('FAULT', 'REQUEST', 'CONSULT', 'COMPLAINT', 'FACILITY_REPORT')),
  content         text not null,
  result          text not null,
  incident_id     uuid,
  linked_no       text,
  rating          integer check (rating between 1 and 5),
  created_at      timestamptz not null,
  -- a fault without an incident is a call that was lost
  check (type not in ('FAULT', 'FACILITY_REPORT') or incident_id is not null)
);
create index hotline_call_time on hotline_call (called_at desc, id desc);
create index hotline_call_type on hotline_call (type, called_at desc, id desc);
create index hotline_call_phone on hotline_call (phone_digits, called_at desc) where phone_digits <> '';
create index hotline_call_text on hotline_call using gin (zh_grams(caller_name || ' ' || caller_org || ' ' || content));
