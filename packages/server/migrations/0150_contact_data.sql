-- How a person is reached is a class of its own: encrypted by column, masked, looked up one at a time.
alter table export_record drop constraint export_record_data_class_check;
alter table export_record add constraint export_record_data_class_check
  check (data_class in ('public', 'internal', 'sensitive', 'personal', 'contact'));
