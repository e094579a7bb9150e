-- A plan folder that differs from the plan in force: shown with its differences, adopted by two people from a day, or declined with a reason.

create table plan_proposal (
  id uuid primary key,
  -- over plan.yaml and the process files that differ; the same folder is proposed once
  digest text not null,
  file_digest text not null,
  digest_algorithm text not null,
  based_on integer not null references plan_version (version),
  source text not null,
  document jsonb not null,
  differences jsonb not null,
  -- process files that differ from what was shipped last: [{key, xml}]
  processes jsonb not null,
  -- parameters the plan in force does not know, which the program may read before anybody adopts anything
  added jsonb not null,
  status text not null check (status in ('PROPOSED', 'REVIEWED', 'ADOPTED', 'DECLINED', 'SUPERSEDED')),
  proposed_at timestamptz not null,
  starts_on date,
  reviewed_by uuid,
  reviewed_by_name text,
  reviewed_at timestamptz,
  review_comment text,
  settled_by uuid,
  settled_by_name text,
  settled_at timestamptz,
  settle_comment text,
  -- when its first day came and it became a version
  applied_at timestamptz,
  check (status <> 'ADOPTED' or (reviewed_by is not null and settled_by is not null and settled_by <> reviewed_by and starts_on is not null))
);
create index plan_proposal_recent on plan_proposal (id desc);
create unique index plan_proposal_open on plan_proposal ((true)) where status in ('PROPOSED', 'REVIEWED');
create index plan_proposal_due on plan_proposal (starts_on) where status = 'ADOPTED' and applied_at is null;
