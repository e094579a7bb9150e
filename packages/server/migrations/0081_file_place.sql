-- Where the bytes of a file are: as chunks in this database, or as one object of the bucket (S3_URL). They are stored here first, in the
-- transaction of the command that brought them, and moved afterwards; see docs/adr/0144.
alter table file add column kept_in text not null default 'DATABASE' check (kept_in in ('DATABASE', 'BUCKET'));
create index file_to_move on file (uploaded_at, id) where kept_in = 'DATABASE';
-- Objects whose file is no more: taken out of the bucket, then forgotten here.
create table file_gone (id uuid primary key);
