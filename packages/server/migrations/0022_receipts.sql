-- Receipts of text message and voice gateways: a gateway that does not give back our id tells by its own.
alter table notice_delivery add column sent_reference text;
create index notice_delivery_reference on notice_delivery (channel, sent_reference) where sent_reference is not null;
