-- A call that asks for something becomes a service request, as a fault becomes an incident.
alter table hotline_call add column service_request_id uuid;
