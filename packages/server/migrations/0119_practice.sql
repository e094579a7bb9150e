-- Practice mode: the training record of who practised what. The practised work itself lies in a database of its own (ADR 0193); here are only
-- the scenarios as they were loaded from the plan's folder, and one row a run.

create table practice_scenario (
  key text primary key check (key ~ '^[a-z][a-z0-9-]{2,39}$'),
  place integer not null,
  digest text not null,
  content jsonb not null,
  loaded_at timestamptz not null,
  -- no longer in the plan's folder: past runs keep their copy, nobody begins it
  retired_at timestamptz
);

create table practice_run (
  id uuid primary key,
  scenario_key text not null references practice_scenario (key),
  -- as it was when the run began, so that a changed scenario changes no score
  scenario jsonb not null,
  person_id uuid not null,
  name text not null,
  bureau_id uuid,
  -- AUTO: the other roles act by themselves; INSTRUCTOR: one of them is played by a person
  reviewer text not null check (reviewer in ('AUTO', 'INSTRUCTOR')),
  instructor_id uuid,
  instructor_name text,
  -- PREPARING: the sandbox is being made; RUNNING; CLEARING: ended, its sandbox is being emptied; DONE; LOST: no sandbox could be made
  state text not null check (state in ('PREPARING', 'RUNNING', 'CLEARING', 'DONE', 'LOST')),
  -- counts from 1; a reset makes the next one, with a new sandbox
  attempt integer not null default 1 check (attempt > 0),
  -- what the sandbox holds, by our ids in the practice world; null until it is there
  sandbox jsonb,
  -- of an earlier attempt, still to be emptied
  left_over jsonb not null default '[]',
  hints jsonb not null default '{}',
  progress jsonb not null default '[]',
  begun_at timestamptz not null,
  ready_at timestamptz,
  ended_at timestamptz,
  -- 0 to 100; null while it runs
  score integer check (score between 0 and 100),
  passed boolean,
  result jsonb,
  lost_because text,
  -- whoever makes or empties the sandbox holds it so long
  held_until timestamptz,
  check ((state in ('CLEARING', 'DONE')) = (score is not null))
);
-- one person practises one thing at a time
create unique index practice_run_open on practice_run (person_id) where state in ('PREPARING', 'RUNNING');
create index practice_run_active on practice_run (begun_at) where state in ('PREPARING', 'RUNNING', 'CLEARING');
create index practice_run_person on practice_run (person_id, begun_at desc, id desc);
create index practice_run_begun on practice_run (begun_at desc, id desc);
