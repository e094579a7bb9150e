-- The clause board: what is frozen at a month's end, what the customer waives, what is corrected afterwards.

-- Obligations judged with them fall due by the hundred thousand: each source reads one span by an index.
create index work_order_line_clause_due on work_order_line (clause, due_at) where state not in ('MOVED', 'CANCELLED');
create index work_order_started on work_order (started_at) where started_at is not null;
create index work_order_delivered on work_order (delivered_at) where delivered_at is not null;
create index request_handed_in on request (submitted_at) where submitted_at is not null;

-- One row a month, never changed.
create table clause_freeze (
  month text primary key check (month ~ '^20\d\d-(0[1-9]|1[0-2])$'),
  plan_version integer not null,
  frozen_at timestamptz not null,
  by_name text not null,
  -- over every clause_frozen row of the month in the order of their ids
  digest text not null,
  digest_algorithm text not null
);

create table clause_frozen (
  month text not null references clause_freeze (month),
  clause_id text not null,
  figure jsonb not null,
  -- what it was computed from, so that it can be computed again
  obligations jsonb not null,
  digest text not null,
  primary key (month, clause_id)
);

create table clause_waiver (
  id uuid primary key,
  month text not null,
  clause_id text not null,
  obligation_id text not null,
  label text not null,
  tenant_id uuid,
  reason text not null,
  status text not null check (status in ('PROPOSED', 'GRANTED', 'REFUSED', 'WITHDRAWN')),
  proposed_by uuid not null,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  comment text not null default ''
);
create unique index clause_waiver_once on clause_waiver (clause_id, obligation_id) where status in ('PROPOSED', 'GRANTED');
create index clause_waiver_month on clause_waiver (month, id desc);

-- A correction adds the new values; what was frozen stays.
create table clause_correction (
  id uuid primary key,
  month text not null references clause_freeze (month),
  reason text not null,
  status text not null check (status in ('PROPOSED', 'GRANTED', 'REFUSED', 'WITHDRAWN')),
  -- [{clauseId, before, after}]
  changes jsonb not null,
  proposed_by uuid not null,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by uuid,
  decided_by_name text,
  decided_at timestamptz,
  comment text not null default ''
);
create unique index clause_correction_open on clause_correction (month) where status = 'PROPOSED';
create index clause_correction_month on clause_correction (month, id desc);

create function clause_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'what was frozen is never changed; a correction adds the new value';
end $$;
create trigger clause_freeze_stays before update or delete on clause_freeze for each row execute function clause_refuse_change();
create trigger clause_frozen_stays before update or delete on clause_frozen for each row execute function clause_refuse_change();
