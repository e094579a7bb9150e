-- Samples, alarms and log lines name the thing they are about by its address: looked up for each request, in one step instead of reading every server.
create index server_address on server using gin (jsonb_path_query_array(addresses, '$[*].address')) where retired_at is null;
create index server_bmc_address on server (bmc_address) where retired_at is null and bmc_address is not null;
create index component_address on component (address) where retired_at is null and address is not null;
create index network_address on network (address) where retired_at is null and address is not null;
