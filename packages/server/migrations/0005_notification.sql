-- What people are told, by which way, whether it arrived, and who acknowledged it.

-- The words are kept as they were said, in both languages: a later change of a template does not rewrite the past.
create table notice (
  id uuid primary key,
  event text not null,
  topic text not null,
  urgency text not null check (urgency in ('LOW', 'NORMAL', 'HIGH', 'CRITICAL')),
  title_zh text not null,
  body_zh text not null,
  title_en text not null,
  body_en text not null,
  link text,
  tenant_id uuid,
  needs_ack boolean not null default false,
  -- the same matter is told once
  dedup_key text unique,
  created_at timestamptz not null
);

create table notice_recipient (
  id uuid primary key,
  notice_id uuid not null references notice,
  person_id uuid not null,
  read_at timestamptz,
  ack_at timestamptz,
  created_at timestamptz not null,
  unique (notice_id, person_id)
);
create index notice_recipient_inbox on notice_recipient (person_id, id desc);
create index notice_recipient_unread on notice_recipient (person_id) where read_at is null;

create table notification_channel (
  id uuid primary key,
  channel text not null check (channel in ('EMAIL', 'SMS', 'PHONE', 'WECOM', 'DINGTALK', 'FEISHU')),
  name text not null,
  state text not null check (state in ('PROPOSED', 'ACTIVE', 'REJECTED', 'RETIRED')),
  settings jsonb not null,
  -- encrypted; opened only for the sending itself and never shown
  secret_sealed text,
  proposed_by uuid,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  comment text
);
-- one way of each kind to a person; group bots are told apart by their name
create unique index notification_channel_one on notification_channel (channel) where state = 'ACTIVE' and channel in ('EMAIL', 'SMS', 'PHONE');
create unique index notification_channel_bot on notification_channel (channel, lower(name)) where state = 'ACTIVE';

create table notice_delivery (
  id uuid primary key,
  notice_id uuid not null references notice,
  channel text not null,
  -- null for a group bot
  person_id uuid,
  channel_id uuid references notification_channel,
  locale text not null check (locale in ('zh-CN', 'en-US')),
  -- encrypted where it is a person's own
  address_sealed text,
  address_masked text,
  state text not null check (state in ('PENDING', 'SENT', 'DELIVERED', 'FAILED', 'SKIPPED')),
  attempts integer not null default 0,
  created_at timestamptz not null,
  sent_at timestamptz,
  delivered_at timestamptz,
  last_error text
);
create index notice_delivery_recent on notice_delivery (id desc);
create index notice_delivery_person on notice_delivery (person_id, id desc) where person_id is not null;
create index notice_delivery_open on notice_delivery (state, id desc) where state in ('PENDING', 'FAILED');

create table notice_template (
  id uuid primary key,
  event text not null,
  version integer not null,
  state text not null check (state in ('PROPOSED', 'ACTIVE', 'REJECTED', 'RETIRED')),
  zh jsonb not null,
  en jsonb not null,
  proposed_by uuid,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  comment text,
  unique (event, version)
);
create unique index notice_template_active on notice_template (event) where state = 'ACTIVE';

create table notice_preference (
  person_id uuid primary key,
  locale text not null check (locale in ('zh-CN', 'en-US')),
  -- topic -> list of EMAIL, SMS, PHONE
  channels jsonb not null,
  quiet_from text,
  quiet_until text,
  updated_at timestamptz not null
);
