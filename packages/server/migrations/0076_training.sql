-- Training: a year's sessions, invitations, sign-in, materials, question bank, tests, satisfaction.
create table training (
  id uuid primary key,
  -- PX-yyyymmdd-nnnn
  number text not null unique,
  year integer not null,
  seq integer not null check (seq between 1 and 24),
  planned_on date not null,
  course text not null,
  topics text[] not null,
  days double precision not null,
  audience text not null,
  venue text not null,
  trainers text not null,
  status text not null check (status in ('PLANNED', 'INVITED', 'CLOSED', 'CANCELLED')),
  held_from timestamptz,
  held_to timestamptz,
  effect text not null default '',
  improvements text not null default '',
  created_at timestamptz not null,
  unique (year, seq),
  check ((status = 'CLOSED') = (held_to is not null))
);
create index training_held on training (held_to) where held_to is not null;

create table training_person (
  training_id uuid not null references training (id),
  person_id uuid not null,
  name text not null,
  bureau_id uuid,
  invited_at timestamptz,
  coming boolean,
  signed_in_at timestamptz,
  primary key (training_id, person_id)
);

create table training_material (
  id uuid primary key,
  training_id uuid not null references training (id),
  name text not null,
  version integer not null,
  file_id uuid not null,
  digest text not null,
  digest_algorithm text not null,
  by_name text not null,
  at timestamptz not null,
  unique (training_id, name, version)
);

create table training_question (
  id uuid primary key,
  topic text not null check (topic in ('VM_USE', 'NETWORK_USE', 'REQUEST_CHANGE', 'FAULT_REPORT')),
  text text not null,
  options jsonb not null,
  correct integer not null,
  retired_at timestamptz,
  by_name text not null,
  at timestamptz not null
);
create index training_question_topic on training_question (topic, id);

create table training_exam (
  id uuid primary key,
  training_id uuid not null references training (id),
  person_id uuid not null,
  name text not null,
  bureau_id uuid,
  -- the questions with their right answers as they were when it began
  questions jsonb not null,
  answers jsonb,
  started_at timestamptz not null,
  ends_at timestamptz not null,
  submitted_at timestamptz,
  score integer,
  pass_score integer,
  passed boolean,
  certificate_no text unique,
  check ((submitted_at is null) = (score is null))
);
create index training_exam_person on training_exam (person_id, submitted_at desc);
create index training_exam_of on training_exam (training_id, person_id);

create table training_survey (
  training_id uuid not null references training (id),
  person_id uuid not null,
  content integer not null,
  trainer integer not null,
  organization integer not null,
  usefulness integer not null,
  comment text not null,
  at timestamptz not null,
  primary key (training_id, person_id)
);
