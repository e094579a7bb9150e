-- Security services of applications: what is held, and the orders that brought it.

create table security_order (
  id               uuid primary key,
  -- AQ-yyyymmdd-nnnn
  number           text not null unique,
  code             text not null,
  -- how long a delivery lasts, as the catalogue said when it was ordered
  months           integer not null,
  state            text not null check (state in ('SUBMITTED', 'IN_PROGRESS', 'DELIVERED', 'CLOSED', 'DECLINED', 'WITHDRAWN')),
  tenant_id        uuid not null,
  application_id   uuid not null,
  application_name text not null,
  reason           text not null,
  requester_id     uuid not null,
  requester_name   text not null,
  handler_id       uuid,
  handler_name     text,
  submitted_at     timestamptz not null,
  due_at           timestamptz not null,
  provisional      boolean not null,
  delivered_at     timestamptz,
  closed_at        timestamptz,
  -- {product, ownerName, scope, expiresOn}
  delivery         jsonb,
  outcome_text     text not null default '',
  instance_id      uuid,
  task_id          uuid,
  node             text
);
-- one order at a time for a service of an application
create unique index security_order_open on security_order (application_id, code) where state in ('SUBMITTED', 'IN_PROGRESS', 'DELIVERED');
create index security_order_tenant on security_order (tenant_id, id desc);
create index security_order_state on security_order (state, id desc);

create table security_service (
  id               uuid primary key,
  code             text not null,
  tenant_id        uuid not null,
  application_id   uuid not null,
  application_name text not null,
  product          text not null,
  owner_name       text not null,
  scope            text not null,
  begins_on        date not null,
  -- the last day it holds
  expires_on       date not null check (expires_on >= begins_on),
  source           text not null check (source in ('ORDER', 'WORK_ORDER', 'RECORD')),
  source_id        text not null,
  source_number    text not null,
  created_at       timestamptz not null,
  created_by_name  text not null,
  ended_at         timestamptz,
  end_reason       text not null default '',
  -- days before the end it was last reminded of
  reminded_days    integer,
  unique (source, source_id, code)
);
create index security_service_application on security_service (application_id, code, expires_on desc);
create index security_service_tenant on security_service (tenant_id, id desc);
create index security_service_expiry on security_service (expires_on) where ended_at is null;
