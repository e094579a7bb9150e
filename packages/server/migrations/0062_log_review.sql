-- Somebody read the logs of a day and signed for it (clause 5.2-4): what was there, and what they made of it.
create table log_review (
  id uuid primary key,
  -- the day whose lines were read, in Asia/Shanghai
  day date not null,
  summary jsonb not null,
  finding text not null default '',
  by_person_id uuid not null,
  by_name text not null,
  at timestamptz not null,
  unique (day, by_person_id)
);
create index log_review_at on log_review (at);
