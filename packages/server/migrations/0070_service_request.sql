-- Service requests: everything else a bureau asks, by the catalogue of the plan; support and template orders of the provider.

create table service_request (
  id              uuid primary key,
  -- FW-yyyymmdd-nnnn
  number          text not null unique,
  code            text not null,
  -- the line of the catalogue as it was when this was asked
  item            jsonb not null,
  title           text not null,
  answers         jsonb not null,
  state           text not null check (state in ('SUBMITTED', 'IN_PROGRESS', 'DONE', 'CLOSED', 'DECLINED', 'WITHDRAWN')),
  source          text not null check (source in ('PORTAL', 'CALL', 'MAIL')),
  tenant_id       uuid references tenant (id),
  application_id  uuid,
  requester_id    uuid not null references person (id),
  requester_name  text not null,
  contact         text not null,
  handler_id      uuid references person (id),
  handler_name    text,
  result          text not null,
  submitted_at    timestamptz not null,
  due_at          timestamptz not null,
  provisional     boolean not null,
  -- when it was handed over the last time; what the limit is judged by
  done_at         timestamptz,
  closed_at       timestamptz,
  rating          integer check (rating between 1 and 5),
  rating_comment  text,
  instance_id     uuid,
  task_id         uuid,
  node            text
);
create index service_request_open on service_request (id desc) where state in ('SUBMITTED', 'IN_PROGRESS', 'DONE');
create index service_request_tenant on service_request (tenant_id, id desc);
create index service_request_requester on service_request (requester_id, id desc);
create index service_request_due on service_request (code, due_at);
create index service_request_text on service_request using gin (zh_grams(number || ' ' || title || ' ' || requester_name));

create table service_request_event (
  id          uuid primary key,
  request_id  uuid not null references service_request (id),
  kind        text not null,
  at          timestamptz not null,
  by_name     text not null,
  text        text not null
);
create index service_request_event_of on service_request_event (request_id, at, id);
create function service_request_event_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'service_request_event is append-only';
end $$;
create trigger service_request_event_append_only before update or delete on service_request_event
  for each statement execute function service_request_event_is_append_only();
