-- The directory of the house (LDAP) beside local accounts and single sign-on. No password is kept here: the directory is asked each time.

create table ldap_account (
  -- what stays when somebody is renamed or moved: entryUUID, objectGUID
  entry_id text primary key,
  dn text not null,
  sign_in text not null,
  name text not null,
  unit text,
  -- sealed, like all that reaches a person
  phone text,
  email text,
  -- PENDING: seen there, nobody here yet. LINKED: signs in by the directory only. IGNORED: not to be taken on.
  state text not null check (state in ('PENDING', 'LINKED', 'IGNORED')),
  presence text not null check (presence in ('PRESENT', 'DISABLED', 'GONE')),
  person_id uuid unique references person (id),
  first_seen_at timestamptz not null,
  seen_at timestamptz not null,
  decided_by uuid references person (id),
  decided_at timestamptz,
  check ((state = 'LINKED') = (person_id is not null))
);
create index ldap_account_sign_in on ldap_account (sign_in);
create index ldap_account_listed on ldap_account (state, presence, name collate "zh-x-icu", entry_id);

create table ldap_sync (
  id uuid primary key,
  at timestamptz not null,
  cause text not null check (cause in ('NIGHTLY', 'ASKED')),
  asked_by uuid references person (id),
  -- HELD: so many would leave at once that a person must confirm; nothing was written
  outcome text not null check (outcome in ('DONE', 'HELD', 'FAILED')),
  problem text,
  found integer not null default 0,
  counts jsonb not null default '{}',
  leavers jsonb not null default '[]'
);
create index ldap_sync_recent on ldap_sync (at desc, id desc);
