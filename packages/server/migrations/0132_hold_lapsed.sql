-- A stop of the clock nobody had answered when the order was delivered: neither agreed to nor refused.
alter table work_order_hold drop constraint work_order_hold_state_check;
alter table work_order_hold add constraint work_order_hold_state_check check (state in ('PROPOSED', 'HELD', 'REFUSED', 'ENDED', 'LAPSED'));
