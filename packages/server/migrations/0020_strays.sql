-- Things in a cloud that carry a key of ours though the register does not know them as present. Found by looking, told to people first.

create table cloud_stray (
  connection_id uuid not null references cloud_connection (id),
  external_id text not null,
  kind text not null check (kind in ('server', 'volume')),
  key text not null,
  -- REMOVED: the register says that it was removed, so a late commit brought it back; DUPLICATE: the register holds another under this key;
  -- UNKNOWN: the register has no such key
  verdict text not null check (verdict in ('REMOVED', 'DUPLICATE', 'UNKNOWN')),
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  -- gone again, by us or by somebody
  gone_at timestamptz,
  removed_by_us boolean not null default false,
  last_error text,
  primary key (connection_id, external_id)
);
create index cloud_stray_open on cloud_stray (first_seen_at desc) where gone_at is null;
