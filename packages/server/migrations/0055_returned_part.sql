-- A part of a work order line that was given back for good: it counts neither against the pool nor against the project's quota any more.
create table returned_part (
  line_id          uuid not null references work_order_line (id),
  -- as in the inventory's source: the server's name, or name/number for a disk
  part             text not null,
  vcpu             integer not null,
  mem_gib          integer not null,
  storage_gib      integer not null,
  public_addresses integer not null,
  baremetal        integer not null,
  returned_at      timestamptz not null,
  primary key (line_id, part)
);
