-- People on duty: who may stand, rosters and their shifts, swaps, hand-overs, posts, and pages that go out in order.

create table duty_officer (
  person_id   uuid primary key references person (id),
  lines       text[] not null,
  passed_on   date,
  drilled_on  date,
  updated_at  timestamptz not null,
  updated_by  text not null
);

create table duty_roster (
  id            uuid primary key,
  line          text not null check (line in ('DESK_5X8', 'MOBILE_7X24', 'FACILITY_7X24')),
  from_on       date not null,
  to_on         date not null check (to_on >= from_on),
  state         text not null check (state in ('DRAFT', 'PUBLISHED')),
  made_by       text not null,
  made_at       timestamptz not null,
  published_by  text,
  published_at  timestamptz,
  -- days of one line lie in one roster only; what two people publish at once is decided here
  exclude using gist (line with =, daterange(from_on, to_on, '[]') with &&)
);

create table duty_shift (
  id          uuid primary key,
  roster_id   uuid not null references duty_roster (id) on delete cascade,
  line        text not null,
  starts_at   timestamptz not null,
  ends_at     timestamptz not null check (ends_at > starts_at),
  primary_id  uuid not null references person (id),
  backup_id   uuid not null references person (id) check (backup_id <> primary_id),
  published   boolean not null
);
create index duty_shift_time on duty_shift (line, starts_at, ends_at);
create index duty_shift_roster on duty_shift (roster_id, starts_at);
create index duty_shift_primary on duty_shift (primary_id, starts_at);
create index duty_shift_backup on duty_shift (backup_id, starts_at);

create table duty_swap (
  id           uuid primary key,
  shift_id     uuid not null references duty_shift (id),
  place        text not null check (place in ('PRIMARY', 'BACKUP')),
  from_id      uuid not null references person (id),
  to_id        uuid not null references person (id),
  reason       text not null,
  state        text not null check (state in ('ASKED', 'AGREED', 'REFUSED', 'WITHDRAWN')),
  asked_at     timestamptz not null,
  answered_at  timestamptz
);
create index duty_swap_asked on duty_swap (asked_at desc);

create table duty_hand_over (
  id          uuid primary key,
  line        text not null,
  shift_id    uuid not null references duty_shift (id),
  from_id     uuid not null references person (id),
  to_id       uuid not null references person (id) check (to_id <> from_id),
  note        text not null,
  open_items  jsonb not null,
  given_at    timestamptz not null,
  taken_at    timestamptz
);
create index duty_hand_over_given on duty_hand_over (given_at desc, id);

create table duty_post (
  id         uuid primary key,
  role       text not null,
  holder_id  uuid not null references person (id),
  deputy_id  uuid not null references person (id) check (deputy_id <> holder_id),
  from_on    date not null,
  to_on      date check (to_on >= from_on),
  exclude using gist (role with =, daterange(from_on, to_on, '[]') with &&)
);

create table duty_feed (
  person_id   uuid primary key references person (id),
  token_hash  text not null unique,
  made_at     timestamptz not null
);

-- A page goes to one person after the other, by all ways at once, until somebody answers. `next_at` is when the next try is due; it survives a restart.
create table duty_page (
  id               uuid primary key,
  subject_type     text not null,
  subject_id       uuid not null,
  tenant_id        uuid,
  title            text not null,
  link             text not null,
  state            text not null check (state in ('RUNNING', 'ACKNOWLEDGED', 'EXHAUSTED', 'ENDED')),
  steps            jsonb not null,
  step             integer not null,
  next_at          timestamptz,
  started_at       timestamptz not null,
  acknowledged_by  text,
  acknowledged_at  timestamptz
);
create index duty_page_next on duty_page (next_at) where state = 'RUNNING';
create index duty_page_subject on duty_page (subject_id, started_at desc);

create table duty_page_try (
  id         uuid primary key,
  page_id    uuid not null references duty_page (id),
  seq        integer not null,
  person_id  uuid not null references person (id),
  place      text not null,
  at         timestamptz not null,
  unique (page_id, seq)
);
