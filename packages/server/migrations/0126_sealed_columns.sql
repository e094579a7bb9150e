-- Personal data and credentials encrypted with keys that have names and can be changed; equal values are found by a keyed index.

create table data_key (
  id text primary key check (id ~ '^[ki][0-9]+$'),
  purpose text not null check (purpose in ('SEAL', 'INDEX')),
  -- who can open it: software, software-sm, device:<serial>
  provider text not null,
  cipher text not null check (cipher in ('AES-256-GCM', 'SM4-GCM')),
  -- under the provider's master key
  wrapped text not null,
  made_at timestamptz not null,
  -- from then on it only opens what it sealed
  retired_at timestamptz
);
create unique index data_key_in_use on data_key (purpose) where retired_at is null;

alter table person add phone_index text, add email_index text;
create index person_phone_index on person (phone_index) where phone_index is not null;
create index person_email_index on person (email_index) where email_index is not null;

alter table incident add reporter_phone_index text;
create index incident_reporter_phone on incident (reporter_phone_index) where reporter_phone_index is not null;

alter table hotline_call add phone_index text;
create index hotline_call_phone_index on hotline_call (phone_index, called_at desc) where phone_index is not null;
alter table desk_ring add phone_index text;

alter table ledger_key drop constraint ledger_key_algorithm_check;
alter table ledger_key add constraint ledger_key_algorithm_check check (algorithm in ('Ed25519', 'SM2'));
