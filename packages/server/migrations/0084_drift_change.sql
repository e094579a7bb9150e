-- A difference between cloud and records that is to be put right by a change, and the change it opened: each names the other.
alter table drift add column change_id uuid;
alter table change_request add column drift_id uuid;
create index change_request_drift on change_request (drift_id) where drift_id is not null;
