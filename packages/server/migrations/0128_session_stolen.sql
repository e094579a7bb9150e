-- A session whose cookie came from another browser than the one that signed in.
alter table session drop constraint session_ended_why_check;
alter table session add constraint session_ended_why_check
  check (ended_why in ('SIGNED_OUT', 'IDLE', 'AGE', 'SELF', 'OTHER', 'PASSWORD', 'SECOND_FACTOR', 'CLOSED', 'STOLEN'));
