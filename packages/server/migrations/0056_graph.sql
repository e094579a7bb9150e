-- The graph of what needs what: things of the house that are no server, relations with kinds and redundancy, one table to walk, and two ways to walk it.

-- Switches, storage arrays, clusters, rooms, lines, providers: what other things stand on and no bureau owns.
create table component (
  id uuid primary key,
  rev integer not null default 1,
  kind text not null check (kind in
    ('ROOM', 'CLUSTER', 'SWITCH', 'ROUTER', 'FIREWALL', 'BALANCER', 'STORAGE', 'POWER', 'COOLING', 'LINE', 'PROVIDER', 'OTHER')),
  name text not null,
  state text not null check (state in ('BUILDING', 'ACTIVE', 'STOPPED', 'FAULTY', 'RETIRED')),
  rack_id uuid references rack,
  serial_no text not null default '',
  address text,
  note text not null default '',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  retired_at timestamptz,
  search text not null generated always as (name || ' ' || serial_no || ' ' || coalesce(address, '') || ' ' || note) stored,
  check ((state = 'RETIRED') = (retired_at is not null))
);
create unique index component_name on component (lower(name)) where retired_at is null;
create index component_sort_name on component (name collate "zh-x-icu", id);
create index component_rack on component (rack_id) where rack_id is not null;
create index component_room on component (lower(name)) where kind = 'ROOM' and retired_at is null;
create index component_search on component using gin (zh_grams(search));

-- rooms were a word on the rack until now
insert into component (id, kind, name, state, created_at, updated_at)
select gen_random_uuid(), 'ROOM', room, 'ACTIVE', min(created_at), min(created_at) from rack where room <> '' and retired_at is null group by room;

alter table item_relation drop constraint item_relation_kind_check;
alter table item_relation add check (kind in
  ('RUNS_ON', 'ATTACHED_TO', 'DEPENDS_ON', 'CONNECTS_TO', 'PART_OF', 'IN_RACK', 'IN_ROOM', 'PROVIDED_BY'));
-- Things of one bundle stand in for each other; needed: how many of them must be up. Empty: each is needed.
alter table item_relation add bundle text not null default '';
alter table item_relation add needed integer not null default 1 check (needed between 1 and 1000);
update item_relation set bundle = 'uplink' where kind = 'CONNECTS_TO';

-- Things by a small number: a walk handles tens of thousands of them, and half the bytes is half the time.
create table item_node (
  no integer primary key generated always as identity,
  id uuid not null unique,
  -- place in {application, server, volume, network, component, rack}, from 1
  type smallint not null
);
-- One row for each "needs": derived from the items and the relations by triggers, so that no writer can forget it, and walked by two indexes.
create table item_need (
  needer integer not null,
  needer_type smallint not null,
  provider integer not null,
  provider_type smallint not null,
  kind text not null,
  bundle text not null,
  needed integer not null,
  -- what is stopped or faulty already is not up
  provider_up boolean not null,
  -- the row that says so
  origin uuid not null
);
create index item_need_needer on item_need (needer) include (bundle, provider, provider_type, provider_up, needed);
create index item_need_provider on item_need (provider) include (needer, needer_type, bundle);
create index item_need_origin on item_need (origin);

create function node_type(a_type text) returns smallint language sql immutable as $$
  select array_position(array['application', 'server', 'volume', 'network', 'component', 'rack'], a_type)::smallint
$$;
create function node_of(an_id uuid, a_type text) returns integer language plpgsql as $$
declare found_no integer;
begin
  select no into found_no from item_node where id = an_id;
  if found_no is null then
    insert into item_node (id, type) values (an_id, node_type(a_type))
    on conflict (id) do update set type = excluded.type returning no into found_no;
  end if;
  return found_no;
end $$;

create function item_state(item_type text, item_id uuid) returns text language sql stable as $$
  select case item_type
    when 'server' then (select state from server where id = item_id)
    when 'volume' then (select state from volume where id = item_id)
    when 'network' then (select state from network where id = item_id)
    when 'component' then (select state from component where id = item_id)
    when 'application' then (select state from application where id = item_id)
    when 'rack' then (select case when retired_at is null then 'ACTIVE' else 'RETIRED' end from rack where id = item_id)
  end
$$;

create function state_need(a_type text, a uuid, b_type text, b uuid, a_kind text, a_bundle text, a_needed integer, an_origin uuid)
returns void language plpgsql as $$
declare
  b_state text := coalesce(item_state(b_type, b), '');
begin
  -- flavours, pools and models are what things are made from: their loss takes nothing down
  if node_type(a_type) is null or node_type(b_type) is null or b_state = 'RETIRED' or coalesce(item_state(a_type, a), '') = 'RETIRED' then return; end if;
  insert into item_need (needer, needer_type, provider, provider_type, kind, bundle, needed, provider_up, origin)
  values (node_of(a, a_type), node_type(a_type), node_of(b, b_type), node_type(b_type), a_kind, a_bundle, a_needed, b_state not in ('STOPPED', 'FAULTY'), an_origin);
end $$;

create function needs_of_item() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if new.retired_at is not null then
      delete from item_need where needer = (select no from item_node where id = new.id) or provider = (select no from item_node where id = new.id);
      return null;
    end if;
    delete from item_need where origin = new.id;
  end if;
  if new.retired_at is not null then return null; end if;
  if tg_table_name = 'server' then
    -- the servers of an application stand in for each other until somebody states more
    if new.application_id is not null then perform state_need('application', new.application_id, 'server', new.id, 'RUNS_ON', 'servers', 1, new.id); end if;
    if new.rack_id is not null then perform state_need('server', new.id, 'rack', new.rack_id, 'IN_RACK', '', 1, new.id); end if;
  elsif tg_table_name = 'component' then
    if new.rack_id is not null then perform state_need('component', new.id, 'rack', new.rack_id, 'IN_RACK', '', 1, new.id); end if;
  elsif tg_table_name = 'rack' then
    perform state_need('rack', new.id, 'component', room.id, 'IN_ROOM', '', 1, new.id)
    from component room where room.kind = 'ROOM' and lower(room.name) = lower(new.room) and room.retired_at is null;
  elsif new.server_id is not null then
    perform state_need('server', new.server_id, tg_table_name::text, new.id, 'ATTACHED_TO', '', 1, new.id);
  elsif new.application_id is not null then
    perform state_need('application', new.application_id, tg_table_name::text, new.id, 'BELONGS_TO', '', 1, new.id);
  end if;
  return null;
end $$;
create trigger server_needs after insert or update of application_id, rack_id, retired_at on server for each row execute function needs_of_item();
create trigger volume_needs after insert or update of application_id, server_id, retired_at on volume for each row execute function needs_of_item();
create trigger network_needs after insert or update of application_id, server_id, retired_at on network for each row execute function needs_of_item();
create trigger component_needs after insert or update of rack_id, retired_at on component for each row execute function needs_of_item();
create trigger rack_needs after insert or update of room, retired_at on rack for each row execute function needs_of_item();

create function room_is_named() returns trigger language plpgsql as $$
begin
  delete from item_need using rack r where provider = (select no from item_node where id = new.id) and kind = 'IN_ROOM' and origin = r.id;
  if new.kind = 'ROOM' and new.retired_at is null then
    perform state_need('rack', r.id, 'component', new.id, 'IN_ROOM', '', 1, r.id) from rack r where lower(r.room) = lower(new.name) and r.retired_at is null;
  end if;
  return null;
end $$;
create trigger component_is_room after insert or update of name, kind, retired_at on component for each row execute function room_is_named();

create function need_state_changes() returns trigger language plpgsql as $$
begin
  update item_need set provider_up = new.state not in ('STOPPED', 'FAULTY') where provider = (select no from item_node where id = new.id);
  return null;
end $$;
create trigger server_state after update of state on server for each row when (old.state <> new.state) execute function need_state_changes();
create trigger volume_state after update of state on volume for each row when (old.state <> new.state) execute function need_state_changes();
create trigger network_state after update of state on network for each row when (old.state <> new.state) execute function need_state_changes();
create trigger component_state after update of state on component for each row when (old.state <> new.state) execute function need_state_changes();

-- A whole needs its parts; in every other relation what is named first needs what is named second.
create function needs_of_relation() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then delete from item_need where origin = old.id; end if;
  if tg_op = 'DELETE' then return null; end if;
  if new.kind = 'PART_OF' then
    perform state_need(new.to_type, new.to_id, new.from_type, new.from_id, new.kind, case new.bundle when '' then 'parts' else new.bundle end, new.needed, new.id);
  else
    perform state_need(new.from_type, new.from_id, new.to_type, new.to_id, new.kind, new.bundle, new.needed, new.id);
  end if;
  return null;
end $$;
create trigger relation_needs after insert or update or delete on item_relation for each row execute function needs_of_relation();

-- what is there already
update server set application_id = application_id;
update volume set server_id = server_id;
update network set server_id = server_id;
update rack set room = room;
update item_relation set note = note;

/* What follows if one thing is lost, hop by hop. strong: LOST, something it needs is gone without a stand-in; otherwise WEAKENED: a stand-in is
   left, or what it needs is weakened. again: it was weakened at a nearer hop and is lost now.
   Sets of numbers travel in arrays, because a read-only transaction makes no temporary tables. Who is reached through whom is the least place in
   the set before: the least of many integers is found without sorting. */
create function follow_loss(start_no integer, hops integer)
returns table (no integer, type smallint, hop integer, strong boolean, via integer, bundle text, up integer, members integer, again boolean)
language plpgsql stable set plan_cache_mode = force_custom_plan set enable_mergejoin = off as $$
declare
  lost integer[] := array[start_no];
  reached integer[] := array[start_no];
  fresh_lost integer[] := array[start_no];
  fresh_weak integer[] := '{}';
  next_lost integer[];
  next_weak integer[];
  nos integer[]; types smallint[]; places integer[]; known boolean[]; bundles text[]; ups integer[]; counts integer[]; gone boolean[];
begin
  for step in 1..hops loop
    next_lost := '{}';
    next_weak := '{}';
    if cardinality(fresh_lost) > 0 then
      -- what needs one of them as such
      select array_agg(h.needer), array_agg(h.kind), array_agg(h.place), array_agg(h.known) into nos, types, places, known from (
        select n.needer, min(n.needer_type) as kind, min(f.place)::integer as place, bool_or(r.seen is not null) as known
        from unnest(fresh_lost) with ordinality f(was, place) join item_need n on n.provider = f.was and n.bundle = ''
          left join unnest(lost) l(was) on l.was = n.needer left join unnest(reached) r(seen) on r.seen = n.needer
        where l.was is null group by n.needer) h;
      if nos is not null then
        return query select a.n, a.t, step, true, fresh_lost[a.p], '', 0, 1, a.k from unnest(nos, types, places, known) a(n, t, p, k);
        next_lost := nos;
        lost := lost || nos;
        reached := reached || nos;
      end if;
      -- where others stand in: are enough of them left?
      select array_agg(w.needer), array_agg(w.kind), array_agg(w.place), array_agg(w.bundle), array_agg(w.up), array_agg(w.members), array_agg(w.gone), array_agg(w.known)
      into nos, types, places, bundles, ups, counts, gone, known from (
        select distinct on (j.needer) j.*, r.seen is not null as known from (
          select c.needer, c.kind, c.place, c.bundle, count(*)::integer as members, (count(*) filter (where n.provider_up and x.was is null))::integer as up,
            count(*) filter (where n.provider_up and x.was is null) < max(n.needed) as gone
          from (
            select n.needer, n.bundle, min(n.needer_type) as kind, min(f.place)::integer as place
            from unnest(fresh_lost) with ordinality f(was, place) join item_need n on n.provider = f.was and n.bundle <> ''
              left join unnest(lost) l(was) on l.was = n.needer
            where l.was is null group by 1, 2
          ) c join item_need n on n.needer = c.needer and n.bundle = c.bundle left join unnest(lost) x(was) on x.was = n.provider
          group by 1, 2, 3, 4
        ) j left join unnest(reached) r(seen) on r.seen = j.needer
        where j.gone or r.seen is null
        order by j.needer, j.gone desc
      ) w;
      if nos is not null then
        return query select a.n, a.t, step, a.g, fresh_lost[a.p], a.b, a.u, a.c, a.k
          from unnest(nos, types, places, bundles, ups, counts, gone, known) a(n, t, p, b, u, c, g, k);
        next_weak := array(select a.n from unnest(nos, gone) a(n, g) where not a.g);
        nos := array(select a.n from unnest(nos, gone) a(n, g) where a.g);
        next_lost := next_lost || nos;
        lost := lost || nos;
        reached := reached || nos || next_weak;
      end if;
    end if;
    if cardinality(fresh_weak) > 0 then
      -- what needs something that is weakened
      select array_agg(h.needer), array_agg(h.kind), array_agg(h.place) into nos, types, places from (
        select n.needer, min(n.needer_type) as kind, min(f.place)::integer as place
        from unnest(fresh_weak) with ordinality f(was, place) join item_need n on n.provider = f.was
          left join unnest(reached) r(seen) on r.seen = n.needer
        where r.seen is null group by n.needer) h;
      if nos is not null then
        return query select a.n, a.t, step, false, fresh_weak[a.p], '', null::integer, null::integer, false from unnest(nos, types, places) a(n, t, p);
        next_weak := next_weak || nos;
        reached := reached || nos;
      end if;
    end if;
    fresh_lost := next_lost;
    fresh_weak := next_weak;
    exit when cardinality(fresh_lost) + cardinality(fresh_weak) = 0;
  end loop;
end $$;

/* What one thing needs, hop by hop. strong: VITAL, its loss alone would take the start down; otherwise SPARE: something stands in for it on the
   way. again: it was a spare at a nearer hop. */
create function follow_needs(start_no integer, hops integer)
returns table (no integer, type smallint, hop integer, strong boolean, via integer, bundle text, up integer, members integer, again boolean)
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
  vital integer[] := array[start_no];
  reached integer[] := array[start_no];
  fresh integer[] := array[start_no];
  nos integer[]; types smallint[]; strongs boolean[]; vias integer[]; bundles text[]; ups integer[]; counts integer[]; known boolean[];
begin
  for step in 1..hops loop
    with near as (
      select n.needer, n.provider, n.provider_type, n.bundle, n.needed, n.provider_up,
        count(*) over same as members, count(*) filter (where n.provider_up) over same as up
      from unnest(fresh) f(here) join item_need n on n.needer = f.here
      window same as (partition by n.needer, n.bundle)
    ), touched as (
      select n.provider, n.provider_type, n.needer, n.bundle,
        case when n.bundle = '' then n.provider_up::integer else n.up::integer end as up,
        case when n.bundle = '' then 1 else n.members::integer end as members,
        v.here is not null and (n.bundle = '' or (n.provider_up and n.up <= n.needed)) as strong
      from near n left join unnest(vital) v(here) on v.here = n.needer
    ), best as (
      select distinct on (t.provider) t.* from touched t order by t.provider, t.strong desc
    )
    select array_agg(b.provider), array_agg(b.provider_type), array_agg(b.strong), array_agg(b.needer), array_agg(b.bundle), array_agg(b.up),
      array_agg(b.members), array_agg(r.seen is not null)
    into nos, types, strongs, vias, bundles, ups, counts, known
    from best b left join unnest(vital) v(here) on v.here = b.provider left join unnest(reached) r(seen) on r.seen = b.provider
    where v.here is null and (b.strong or r.seen is null);
    exit when nos is null;
    return query select a.n, a.t, step, a.s, a.v, a.b, a.u, a.c, a.k from unnest(nos, types, strongs, vias, bundles, ups, counts, known) a(n, t, s, v, b, u, c, k);
    fresh := nos;
    vital := vital || array(select a.n from unnest(nos, strongs) a(n, s) where a.s);
    reached := reached || nos;
  end loop;
end $$;
