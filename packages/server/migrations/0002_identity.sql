-- Who there is, what they hold, how they sign in.

create table tenant (
  id uuid primary key,
  code text not null unique,
  name text not null,
  short_name text not null,
  status text not null check (status in ('PROPOSED', 'ACTIVE', 'CLOSED')),
  created_at timestamptz not null
);
create index tenant_search on tenant using gin (zh_grams(name));

create table person (
  id uuid primary key,
  sign_in text not null unique,
  name text not null,
  unit text,
  phone text,
  email text,
  active boolean not null default true,
  created_at timestamptz not null,
  disabled_at timestamptz,
  last_sign_in_at timestamptz
);
create index person_name on person (name collate "zh-x-icu", id);
create index person_search on person using gin (zh_grams(name || ' ' || sign_in));

-- argon2id hashes; the newest is the one in use, the last five may not come back
create table password (
  person_id uuid not null references person (id),
  set_at timestamptz not null,
  hash text not null,
  -- set by somebody else: to be changed at the next sign-in
  temporary boolean not null default false,
  primary key (person_id, set_at)
);

-- Failures in a row, by account and by address; kept here so that every process counts the same
create table sign_in_failure (
  key text primary key,
  failures integer not null,
  last_at timestamptz not null,
  locked_until timestamptz
);

create table second_factor (
  person_id uuid primary key references person (id),
  -- sealed for the purpose `second-factor`
  secret text not null,
  confirmed_at timestamptz,
  -- a code is good once: the newest time step used
  last_step bigint not null default 0,
  -- sha-256 of the recovery codes left
  recovery text[] not null default '{}'
);

create table session (
  id uuid primary key,
  -- sha-256 of the bearer secret in the cookie
  digest text not null unique,
  person_id uuid not null references person (id),
  started_at timestamptz not null,
  seen_at timestamptz not null,
  ends_at timestamptz not null,
  address text not null,
  user_agent text not null,
  -- the policy at sign-in: how long it may stand idle
  idle_minutes integer not null,
  -- from then on it may only change the password; null for a sign-in without password
  password_due_at timestamptz,
  -- the sign-in before this one, for "since your last visit"
  previous_sign_in_at timestamptz,
  ended_at timestamptz
);
create index session_person on session (person_id) where ended_at is null;

create table role_grant (
  id uuid primary key,
  person_id uuid not null references person (id),
  role text not null,
  tenant_id uuid references tenant (id),
  application_id uuid,
  status text not null check (status in ('PROPOSED', 'IN_FORCE', 'REJECTED', 'WITHDRAWN', 'LAPSED')),
  reason text not null,
  proposed_by uuid references person (id),
  proposed_at timestamptz not null,
  decided_by uuid references person (id),
  decided_at timestamptz,
  ended_at timestamptz
);
create index role_grant_person on role_grant (person_id) where status = 'IN_FORCE';
create index role_grant_role on role_grant (role, tenant_id) where status = 'IN_FORCE';
create index role_grant_recent on role_grant (proposed_at desc, id desc);

create table delegation (
  id uuid primary key,
  from_person_id uuid not null references person (id),
  to_person_id uuid not null references person (id),
  role text not null,
  from_at timestamptz not null,
  until_at timestamptz not null check (until_at > from_at),
  reason text not null,
  ended_at timestamptz
);
create index delegation_to on delegation (to_person_id, until_at) where ended_at is null;
create index delegation_from on delegation (from_person_id, until_at);

-- One row once set-up is done; its token's digest before that
create table set_up (
  singleton boolean primary key default true check (singleton),
  token_digest text not null,
  done_at timestamptz
);

-- Everything a person holds at an instant: grants in force, and the grants behind roles delegated to them.
create function grants_of(of_person uuid, at timestamptz) returns jsonb
  language sql stable parallel safe
as $$
  select coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'tenantId', g.tenant_id, 'applicationId', g.application_id)), '[]')
  from (
    select role, tenant_id, application_id from role_grant where person_id = of_person and status = 'IN_FORCE'
    union
    select g.role, g.tenant_id, g.application_id
    from delegation d join role_grant g on g.person_id = d.from_person_id and g.role = d.role and g.status = 'IN_FORCE'
    where d.to_person_id = of_person and d.ended_at is null and d.from_at <= at and d.until_at > at
  ) g
$$;
