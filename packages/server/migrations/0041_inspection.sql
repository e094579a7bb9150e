-- Rounds of inspection: machine rooms, platform, bureaus' services.
create table inspection_round (
  id uuid primary key,
  -- XJ-yyyymmdd-nnnn
  number text not null unique,
  kind text not null check (kind in ('FACILITY', 'PLATFORM', 'TENANT_SERVICE')),
  -- the day of the window in Asia/Shanghai
  on_day date not null,
  window_key text not null,
  window_from timestamptz not null,
  window_to timestamptz not null,
  inspector_id uuid not null,
  inspector_name text not null,
  -- made by the phone: the same round sent twice is one round
  client_key text not null,
  check_in jsonb not null,
  -- what was to be looked at, as the plan had it when the round began
  items jsonb not null,
  answers jsonb not null default '[]',
  started_at timestamptz not null,
  done_at timestamptz,
  received_at timestamptz,
  conclusion text check (conclusion in ('NORMAL', 'ABNORMAL')),
  abnormal integer not null default 0,
  valid boolean,
  invalid jsonb not null default '[]',
  reviewed_by uuid,
  reviewed_by_name text,
  reviewed_at timestamptz,
  review_comment text,
  check ((done_at is null) = (valid is null)),
  unique (inspector_id, client_key)
);
create index inspection_round_recent on inspection_round (started_at desc, id desc);
create index inspection_round_kind on inspection_round (kind, started_at desc, id desc);
create index inspection_round_done on inspection_round (kind, done_at) where done_at is not null;
create index inspection_round_day on inspection_round (on_day, kind);

-- Values read, for series; one row a value.
create table inspection_value (
  round_id uuid not null references inspection_round (id),
  code text not null,
  at timestamptz not null,
  value double precision not null,
  primary key (round_id, code)
);
create index inspection_value_series on inspection_value (code, at);
