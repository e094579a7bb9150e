-- The timeline of a post-mortem, as it was when it was signed.
alter table incident add column timeline jsonb;

-- What was done and waits to be verified.
create index incident_action_unverified on incident_action (due_on) where state = 'DONE';
