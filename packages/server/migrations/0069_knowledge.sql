-- Knowledge: articles with versions, who may read them, when they are looked at again, whether they helped.

create table knowledge_article (
  id                 uuid primary key,
  -- ZS-yyyymmdd-nnnn
  number             text not null unique,
  -- what is read: the published version, or the first draft while nothing is published
  title              text not null,
  keywords           text not null,
  body               text not null,
  -- PROVIDER: provider and customer. BUREAU: bureaus too. ALL: third parties too.
  audience           text not null check (audience in ('PROVIDER', 'BUREAU', 'ALL')),
  state              text not null check (state in ('DRAFT', 'PUBLISHED', 'RETIRED')),
  latest_version     integer not null,
  published_version  integer,
  review_on          date,
  author_id          uuid not null references person (id),
  author_name        text not null,
  created_at         timestamptz not null,
  updated_at         timestamptz not null,
  check ((state = 'PUBLISHED') <= (published_version is not null and review_on is not null))
);
create index knowledge_article_state on knowledge_article (state, id desc);
create index knowledge_article_review on knowledge_article (review_on) where state = 'PUBLISHED';
create index knowledge_article_text on knowledge_article using gin (zh_grams(number || ' ' || title || ' ' || keywords || ' ' || body));

create table knowledge_version (
  article_id  uuid not null references knowledge_article (id),
  version     integer not null,
  title       text not null,
  keywords    text not null,
  body        text not null,
  audience    text not null,
  note        text not null,
  by_name     text not null,
  at          timestamptz not null,
  primary key (article_id, version)
);
create function knowledge_version_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'knowledge_version is append-only';
end $$;
create trigger knowledge_version_append_only before update or delete on knowledge_version
  for each statement execute function knowledge_version_is_append_only();

create table knowledge_vote (
  article_id  uuid not null references knowledge_article (id),
  person_id   uuid not null references person (id),
  helpful     boolean not null,
  comment     text not null,
  at          timestamptz not null,
  primary key (article_id, person_id)
);
