-- Where the telephone system and the mailbox of the desk come in; and what a security event owes.

-- A way in: proposed by the system administrator, in force once the security administrator approves.
create table desk_intake (
  id              uuid primary key,
  kind            text not null check (kind in ('TELEPHONE', 'MAILBOX')),
  name            text not null,
  state           text not null check (state in ('PENDING', 'ACTIVE', 'RETIRED')),
  -- of a telephone system: digest of its token
  token_sha256    text unique,
  -- of a mailbox: {host, port, secure, user, folder, address}
  settings        jsonb,
  secret_sealed   text,
  proposed_by     uuid not null references person (id),
  proposed_by_name text not null,
  proposed_at     timestamptz not null,
  decided_by_name text,
  decided_at      timestamptz,
  -- where reading has come to; a mailbox made anew has another validity and is read from its beginning
  uid_validity    text,
  last_uid        bigint not null default 0,
  last_ok_at      timestamptz,
  last_error      text,
  check ((kind = 'TELEPHONE') = (token_sha256 is not null)),
  check ((kind = 'MAILBOX') = (settings is not null))
);
create index desk_intake_active on desk_intake (kind) where state = 'ACTIVE';

-- A call as the telephone system tells it, one row a call however often it is told.
create table desk_ring (
  id            uuid primary key,
  intake_id     uuid not null references desk_intake (id),
  call_key      text not null,
  line          text not null check (line in ('DESK', 'MOBILE')),
  phone         text not null,
  phone_digits  text not null,
  rang_at       timestamptz not null,
  answered_at   timestamptz,
  agent         text not null,
  ended_at      timestamptz,
  recording     text not null,
  -- the record of the desk about it; each ring is written down once
  call_id       uuid unique references hotline_call (id),
  unique (intake_id, call_key)
);
create index desk_ring_open on desk_ring (rang_at desc) where call_id is null;

-- A letter to the desk. Its source is kept as a file; what is shown is plain text.
create table desk_mail (
  id            uuid primary key,
  intake_id     uuid not null references desk_intake (id),
  uid           bigint not null,
  -- Message-ID, or a digest of the source where it has none: each letter comes in once
  message_key   text not null unique,
  thread_id     uuid not null,
  kind          text not null check (kind in ('LETTER', 'AUTOMATIC', 'BOUNCE', 'LOOP', 'TOO_LARGE', 'UNREADABLE')),
  state         text not null check (state in ('WAITING', 'LINKED', 'ANSWERED', 'SET_ASIDE')),
  from_address  text not null,
  from_name     text not null,
  person_id     uuid references person (id),
  tenant_id     uuid references tenant (id),
  subject       text not null,
  body          text not null,
  size_bytes    bigint not null,
  sent_at       timestamptz,
  received_at   timestamptz not null,
  file_ids      uuid[] not null,
  -- attachments that were not taken, by name
  refused       text[] not null,
  incident_id   uuid,
  service_request_id uuid,
  linked_no     text,
  answer        text not null,
  decided_by    text,
  decided_at    timestamptz
);
create index desk_mail_waiting on desk_mail (received_at desc, id desc) where state = 'WAITING';
create index desk_mail_time on desk_mail (received_at desc, id desc);
create index desk_mail_thread on desk_mail (thread_id, received_at);
create index desk_mail_text on desk_mail using gin (zh_grams(subject || ' ' || from_name || ' ' || from_address));

-- Grading of a security event and what was reported to the authority.
create table incident_security (
  incident_id   uuid primary key references incident (id),
  answers       jsonb not null,
  grade         text not null check (grade in ('EXTRAORDINARY', 'MAJOR', 'LARGER', 'GENERAL')),
  is_critical   boolean not null,
  -- known as a security event: the statutory clock begins here
  known_at      timestamptz not null,
  graded_by     text not null,
  graded_at     timestamptz not null,
  report_due_at timestamptz,
  reported_at   timestamptz,
  reported_to   text not null,
  reference     text not null,
  reported_by   text,
  summary_due_on date,
  summary_at    timestamptz
);
