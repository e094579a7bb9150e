-- Projects that enlarge the pools, and the plan of capacity of each quarter.

create table build_project (
  id uuid primary key,
  rev integer not null default 1,
  number text not null unique,
  name text not null,
  pool_id uuid not null references pool,
  -- what it adds to the pool
  vcpu bigint not null check (vcpu >= 0),
  mem_gib bigint not null check (mem_gib >= 0),
  storage_gib bigint not null check (storage_gib >= 0),
  public_addresses bigint not null check (public_addresses >= 0),
  baremetal bigint not null check (baremetal >= 0),
  reason text not null,
  -- [{id, name, dueOn, doneOn, evidence}]
  milestones jsonb not null,
  due_on date not null,
  status text not null check (status in ('BUILDING', 'DELIVERED', 'CANCELLED')),
  created_by uuid,
  created_by_name text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  ended_by_name text,
  comment text not null default ''
);
create index build_project_page on build_project (created_at desc, id desc);
create index build_project_open on build_project (pool_id) where status = 'BUILDING';

-- One a quarter; a later one of the same quarter takes its place and the former stays.
create table capacity_plan (
  id uuid primary key,
  -- yyyyQn
  quarter text not null check (quarter ~ '^[0-9]{4}Q[1-4]$'),
  version integer not null check (version > 0),
  summary text not null,
  measures text not null,
  -- the outlook and the projects as they were when the plan was made
  outlook jsonb not null,
  made_by uuid,
  made_by_name text not null,
  made_at timestamptz not null,
  unique (quarter, version)
);
create index capacity_plan_made on capacity_plan (made_at desc);
create index pool_allocation_time on pool_allocation (pool_id, reserved_at);
