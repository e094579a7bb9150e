-- Until when the certificate of an application's addresses is valid, as each probe saw it last; the earliest of its addresses.
create table probe_certificate (
  probe_id uuid not null references probe (id),
  application_id uuid not null references application (id),
  until_at timestamptz not null,
  seen_at timestamptz not null,
  primary key (probe_id, application_id)
);
create index probe_certificate_application on probe_certificate (application_id, seen_at);
