-- Changes of what exists: asked for, assessed, approved, done with a way back, verified.

create table standard_change (
  id uuid primary key,
  key text not null,
  version integer not null check (version > 0),
  name jsonb not null,
  ci_kind text not null,
  attr text not null,
  max_days integer,
  downtime boolean not null,
  steps jsonb not null,
  rollback_plan text not null,
  verify_plan text not null,
  state text not null check (state in ('PROPOSED', 'ACTIVE', 'REJECTED', 'RETIRED')),
  proposed_by uuid,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  unique (key, version)
);
create unique index standard_change_active on standard_change (key) where state = 'ACTIVE';

create table change_freeze (
  id uuid primary key,
  name text not null,
  reason text not null,
  frozen_from timestamptz not null,
  frozen_to timestamptz not null check (frozen_to > frozen_from),
  state text not null check (state in ('PROPOSED', 'ACTIVE', 'REJECTED', 'LIFTED')),
  proposed_by uuid,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz
);
create index change_freeze_span on change_freeze (frozen_from, frozen_to) where state = 'ACTIVE';

create table change_request (
  id uuid primary key,
  -- BG-yyyymmdd-nnnn
  number text not null unique,
  rev integer not null default 1,
  title text not null default '',
  category text not null check (category in ('STANDARD', 'NORMAL', 'MAJOR', 'EMERGENCY')),
  status text not null,
  outcome text check (outcome in ('SUCCESS', 'PARTIAL', 'ROLLED_BACK')),
  -- those of the first thing that is changed; null: of the house itself
  tenant_id uuid,
  application_id uuid,
  application_name text not null default '',
  applicant_id uuid not null,
  applicant_name text not null,
  standard_id uuid references standard_change (id),
  incident_id uuid,
  form jsonb not null,
  -- [{ciId, ciKind, ciName, attr, from, to, way, state, fromRev, toRev, note}]
  items jsonb not null default '[]',
  ci_ids uuid[] not null default '{}',
  -- all applications touched, derived and added
  affected_ids uuid[] not null default '{}',
  derived_ids uuid[] not null default '{}',
  major_reasons jsonb not null default '[]',
  downtime boolean not null default false,
  window_from timestamptz,
  window_to timestamptz,
  -- how often the window of downtime was arranged anew
  downtime_round integer not null default 0,
  -- open steps, as the engine told
  steps jsonb not null default '[]',
  -- [{node, result, comment, facts, byName, at}]
  conclusions jsonb not null default '[]',
  reviewed boolean not null default false,
  returned boolean not null default false,
  -- being done on its things right now
  working boolean not null default false,
  backup_ref text not null default '',
  rejection text not null default '',
  actual_from timestamptz,
  actual_to timestamptz,
  retro_due_at timestamptz,
  retro_done_at timestamptz,
  violation boolean not null default false,
  instance_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  submitted_at timestamptz,
  decided_at timestamptz,
  closed_at timestamptz
);
create index change_request_updated on change_request (updated_at desc, id desc);
create index change_request_tenant on change_request (tenant_id, updated_at desc, id desc);
create index change_request_window on change_request (window_from, window_to);
create index change_request_cis on change_request using gin (ci_ids);
create index change_request_affected on change_request using gin (affected_ids);
create index change_request_text on change_request using gin (zh_grams(number || ' ' || title || ' ' || application_name || ' ' || applicant_name));

insert into standard_change (id, key, version, name, ci_kind, attr, max_days, downtime, steps, rollback_plan, verify_plan, state, proposed_by_name, proposed_at, decided_by_name, decided_at)
values
  ('01920000-0000-7000-8000-0000000c0001', 'add-rule', 1, '{"zh":"增加安全组规则","en":"Add a port rule"}', 'network', 'rules', null, false,
   '[{"action":"导出现行规则","owner":"运营技术员","minutes":5},{"action":"增加规则","owner":"运营技术员","minutes":10}]', '恢复导出的旧规则', '从来源地址访问目标端口', 'ACTIVE', 'system', now(), 'system', now()),
  ('01920000-0000-7000-8000-0000000c0002', 'take-snapshot', 1, '{"zh":"增加快照","en":"Take a snapshot"}', 'server', 'snapshot', null, false,
   '[{"action":"建立快照","owner":"运营技术员","minutes":20}]', '删除新建的快照', '快照状态为可用', 'ACTIVE', 'system', now(), 'system', now()),
  ('01920000-0000-7000-8000-0000000c0003', 'restart-server', 1, '{"zh":"重启云主机","en":"Restart a server"}', 'server', 'restart', null, true,
   '[{"action":"快照","owner":"运营技术员","minutes":10},{"action":"软重启","owner":"运营技术员","minutes":10}]', '从快照恢复', '应用首页可访问', 'ACTIVE', 'system', now(), 'system', now()),
  ('01920000-0000-7000-8000-0000000c0004', 'extend-lease', 1, '{"zh":"延期（不超过 90 天）","en":"Extend the lease (90 days at most)"}', 'server', 'usageUntil', 90, false,
   '[{"action":"修改使用期限","owner":"运营管理员","minutes":5}]', '恢复原使用期限', '台账显示新的使用期限', 'ACTIVE', 'system', now(), 'system', now());
