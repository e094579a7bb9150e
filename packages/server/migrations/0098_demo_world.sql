-- How far the history of a demonstration has been lived, so that a start that was interrupted goes on where it was. At most one row, and none
-- where the installation is in earnest.

create table demo_world (
  id integer primary key check (id = 1),
  seed bigint not null,
  bureaus integer not null,
  from_on date not null,
  -- FOUNDED: its people and the first bureaus' resources are there; SETTLED: everybody's; MEASURED: what was measured, too;
  -- LIVED: its history reached the present, it goes on by itself
  state text not null check (state in ('FOUNDED', 'SETTLED', 'MEASURED', 'LIVED')),
  -- everything that people do before this instant is done
  lived_until timestamptz not null
);
