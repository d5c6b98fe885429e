-- requires: sql/functions/app_private/session_rows_filter.sql
-- requires: sql/types/app_public/duplicate_candidate.sql
-- Flats of one building share its address, so surface decides: where it is unknown or differs by more than 2 % a pair is
-- no candidate. Each home is held against its neighbour in surface and price only, so that a crowded address costs no
-- more than a sorted list; several of one kind form a chain. An address without a number says too little, and one with more than 200 homes of a type is a
-- placeholder, not a house.

create function app_private.homes_at_one_address(source smallint, session app_public.scrape_sessions)
returns setof app_public.duplicate_candidate
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
as $$
declare
  condition text := format('l.source_id = %s and l.status in (''active'', ''under_offer'')', source);
  home constant text := '%1$s.source_key, %1$s.insee_code, %1$s.address_key, %1$s.address, %1$s.property_type,
    %1$s.surface_m2, %1$s.price_eur, %1$s.room_count';
  homes text := format('select l.id, false as is_brought, ' || home || ' from app_public.properties_live as l where %2$s',
    'l', condition || ' and l.street_number is not null');
begin
  if session.id is not null then
    homes := format(
      $homes$
        with brought as materialized (
          select s.property_id as id, true as is_brought, %s
          from app_public.staged_properties as s
          where %s and not s.is_quarantined and s.street_number is not null and s.insee_code is not null
        )
        select b.* from brought as b
        union all
        select l.id, false, %s
        from (select distinct b.insee_code, b.address_key from brought as b) as a
        join app_public.properties_live as l on l.insee_code = a.insee_code and l.address_key = a.address_key
        where %s and not exists (select from brought as b where b.id = l.id)
      $homes$,
      format(home, 's'), app_private.session_rows_filter(session), format(home, 'l'), condition
    );
  end if;
  return query execute format(
    $query$
      with
        homes as materialized (%s),
        neighbours as (
          select h.insee_code, h.address, h.is_brought, h.source_key as key_b, h.id as id_b, h.surface_m2 as surface_b,
            h.price_eur as price_b, h.room_count as rooms_b,
            lag(h.source_key) over w as key_a, lag(h.id) over w as id_a, lag(h.surface_m2) over w as surface_a,
            lag(h.price_eur) over w as price_a, lag(h.room_count) over w as rooms_a,
            lag(h.is_brought) over w as is_brought_a,
            count(*) over (partition by h.insee_code, h.address_key, h.property_type) as home_count
          from homes as h
          where h.surface_m2 > 0 and h.address_key is not null
          window w as (
            partition by h.insee_code, h.address_key, h.property_type order by h.surface_m2, h.price_eur, h.source_key
          )
        ),
        pairs as (
          select n.*,
            (abs(n.price_a - n.price_b) <= 0.05 * greatest(n.price_a, n.price_b)) is true as is_price_same,
            (n.rooms_a = n.rooms_b) is true as is_room_count_same
          from neighbours as n
          where n.key_a is not null and n.key_a <> n.key_b and n.home_count <= 200
            and (%L or n.is_brought or n.is_brought_a)
            and n.surface_b - n.surface_a <= 0.02 * n.surface_b
        )
      select 'address', o.code,
        0.7 + case when p.is_price_same then 0.2 else 0 end + case when p.is_room_count_same then 0.1 else 0 end,
        array[p.key_a, p.key_b]::text[], array_remove(array[p.id_a, p.id_b], null), 2, p.insee_code::text, p.address,
        jsonb_build_object(
          'surface_m2', jsonb_build_array(p.surface_a, p.surface_b),
          'price_eur', jsonb_build_array(p.price_a, p.price_b),
          'room_count', jsonb_build_array(p.rooms_a, p.rooms_b),
          'agrees', array_remove(array[
            'address', 'surface', case when p.is_price_same then 'price' end,
            case when p.is_room_count_same then 'rooms' end
          ], null)
        )
      from pairs as p
      join app_public.sources as o on o.id = %s
      order by 3 desc, p.key_a, p.key_b
    $query$,
    homes, session.id is null, source
  );
end
$$;

comment on function app_private.homes_at_one_address(smallint, app_public.scrape_sessions) is $$
Pairs of homes of one source, next to each other in surface and price, that stand at one address (same commune, number and street), are of one type and differ by
at most 2 % in surface: perhaps one home under two keys.

With a session only pairs that it brought at least one half of; with a null session all of the live homes on the
market. Likeliest first.
$$;
