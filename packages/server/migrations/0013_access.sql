-- Single sign-on, the quarterly access review, the security policy, and where one may sign in from.

create table sso_provider (
  id uuid primary key,
  label text not null,
  issuer text not null,
  client_id text not null,
  -- sealed for the purpose `single-sign-on`
  client_secret text not null,
  claim text not null,
  required_method text,
  status text not null check (status in ('PROPOSED', 'IN_FORCE', 'REJECTED', 'REPLACED')),
  -- what the provider publishes about itself, fetched by a job
  metadata jsonb,
  discovered_at timestamptz,
  discovery_error text,
  proposed_by uuid not null references person (id),
  proposed_at timestamptz not null,
  decided_by uuid references person (id),
  decided_at timestamptz
);
create unique index sso_provider_in_force on sso_provider (status) where status = 'IN_FORCE';

-- A sign-in on its way through the provider: good once, for ten minutes, in the browser that began it
create table sso_attempt (
  state_digest text primary key,
  provider_id uuid not null references sso_provider (id),
  browser_digest text not null,
  -- sealed: nonce and PKCE verifier
  checks text not null,
  return_to text not null,
  expires_at timestamptz not null
);

-- Whom a provider's subject is here
create table sso_link (
  issuer text not null,
  subject text not null,
  person_id uuid not null references person (id),
  linked_at timestamptz not null,
  primary key (issuer, subject),
  unique (issuer, person_id)
);

create table access_review (
  id uuid primary key,
  -- 2026Q3
  quarter text not null unique,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  confirmed_by uuid references person (id),
  confirmed_at timestamptz,
  lapsed_at timestamptz
);
create table access_review_item (
  review_id uuid not null references access_review (id),
  grant_id uuid not null references role_grant (id),
  decision text check (decision in ('KEEP', 'WITHDRAW', 'LAPSED')),
  comment text,
  decided_by uuid references person (id),
  decided_at timestamptz,
  primary key (review_id, grant_id)
);

-- The policy in force is the newest row; none: the plan's own figures
create table security_policy (
  id uuid primary key,
  failures_to_lock integer not null,
  lock_minutes integer not null,
  idle_minutes integer not null,
  password_min_length integer not null,
  password_classes integer not null,
  password_days integer not null,
  changed_by uuid not null references person (id),
  changed_at timestamptz not null
);
create index security_policy_newest on security_policy (changed_at desc);

-- Networks one may sign in from; none in force: from everywhere
create table address_rule (
  id uuid primary key,
  network cidr not null unique,
  note text not null,
  added_by uuid not null references person (id),
  added_at timestamptz not null
);
