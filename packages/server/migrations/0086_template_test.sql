-- The last test of a template: {result, byId, byName, at, report}. A proposed one is released only after it passed.
alter table flavor add column test jsonb;
alter table image add column test jsonb;
