-- The walk of what is lost, as before, but it never reads the whole table of needs: the planner took the bundles that are touched for forty times as
-- many as they are and read a million rows at the widest hop. Their number now stands in an array before their members are read, by the index.
create or replace function follow_loss(start_no integer, hops integer)
returns table (no integer, type smallint, hop integer, strong boolean, via integer, bundle text, up integer, members integer, again boolean)
language plpgsql stable set plan_cache_mode = force_custom_plan set enable_mergejoin = off set enable_seqscan = off set max_parallel_workers_per_gather = 0 as $$
declare
  lost integer[] := array[start_no];
  reached integer[] := array[start_no];
  fresh_lost integer[] := array[start_no];
  fresh_weak integer[] := '{}';
  next_lost integer[];
  next_weak integer[];
  nos integer[]; types smallint[]; places integer[]; known boolean[]; bundles text[]; ups integer[]; counts integer[]; gone boolean[];
  near integer[]; near_bundles text[]; near_types smallint[]; near_places integer[];
begin
  for step in 1..hops loop
    next_lost := '{}';
    next_weak := '{}';
    if cardinality(fresh_lost) > 0 then
      -- who needs one of them at all, read once: as such, and in each bundle
      select array_agg(c.needer), array_agg(c.bundle), array_agg(c.kind), array_agg(c.place) into near, near_bundles, near_types, near_places from (
        select n.needer, n.bundle, min(n.needer_type) as kind, min(f.place)::integer as place
        from unnest(fresh_lost) with ordinality f(was, place) join item_need n on n.provider = f.was
          left join unnest(lost) l(was) on l.was = n.needer
        where l.was is null group by 1, 2) c;
      -- what needs one of them as such
      select array_agg(h.needer), array_agg(h.kind), array_agg(h.place), array_agg(h.known) into nos, types, places, known from (
        select c.needer, min(c.kind) as kind, min(c.place) as place, bool_or(r.seen is not null) as known
        from unnest(near, near_bundles, near_types, near_places) c(needer, bundle, kind, place) left join unnest(reached) r(seen) on r.seen = c.needer
        where c.bundle = '' group by c.needer) h;
      if nos is not null then
        return query select a.n, a.t, step, true, fresh_lost[a.p], '', 0, 1, a.k from unnest(nos, types, places, known) a(n, t, p, k);
        next_lost := nos;
        lost := lost || nos;
        reached := reached || nos;
      end if;
      -- where others stand in: are enough of them left? How many bundles that is is known before their members are read
      select array_agg(c.needer), array_agg(c.bundle), array_agg(c.kind), array_agg(c.place) into near, near_bundles, near_types, near_places
      from unnest(near, near_bundles, near_types, near_places) c(needer, bundle, kind, place) left join unnest(nos) d(was) on d.was = c.needer
      where c.bundle <> '' and d.was is null;
      select array_agg(w.needer), array_agg(w.kind), array_agg(w.place), array_agg(w.bundle), array_agg(w.up), array_agg(w.members), array_agg(w.gone), array_agg(w.known)
      into nos, types, places, bundles, ups, counts, gone, known from (
        select distinct on (j.needer) j.*, r.seen is not null as known from (
          select c.needer, c.kind, c.place, c.bundle, count(*)::integer as members, (count(*) filter (where n.provider_up and x.was is null))::integer as up,
            count(*) filter (where n.provider_up and x.was is null) < max(n.needed) as gone
          from unnest(near, near_bundles, near_types, near_places) c(needer, bundle, kind, place)
            join item_need n on n.needer = c.needer and n.bundle = c.bundle left join unnest(lost) x(was) on x.was = n.provider
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
