-- When the next broadcast of a major incident is due; null while none is owed.
alter table incident add column broadcast_due_at timestamptz;
create index incident_broadcast_due on incident (broadcast_due_at) where broadcast_due_at is not null;
