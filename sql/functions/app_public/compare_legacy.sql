-- requires: sql/functions/app_private/legacy_rows.sql
-- requires: sql/functions/app_private/pulled_homes.sql
-- Security definer: it reads the older table, which belongs to whoever made it; only operators may ask.

create function app_public.compare_legacy()
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set client_min_messages = warning
as $$
declare
  table_rows integer;
  answer jsonb;
begin
  if to_regclass('public.pulled_properties') is null then
    raise exception 'there is no table pulled_properties in schema public'
      using errcode = 'PC404', hint = 'Restore the older tool''s table there, or go on without it.';
  end if;
  execute 'select count(*) from public.pulled_properties' into table_rows;
  drop table if exists pg_temp.legacy_staged, pg_temp.legacy_findings;
  create temp table legacy_staged (like app_public.property_scrapes_staging including generated) on commit drop;
  execute format('insert into pg_temp.legacy_staged (%1$s) select %1$s from app_private.legacy_rows()',
    app_private.staging_columns());
  create temp table legacy_findings on commit drop as
  with
    live as (
      select l.*
      from app_public.properties_live as l
      join app_public.sources as s on s.id = l.source_id and s.code = 'legacy'
      where l.status <> 'removed'
    ),
    waiting as (
      select distinct q.source_key
      from app_public.quarantined_rows as q
      join app_public.sources as s on s.id = q.source_id and s.code = 'legacy'
      where q.released_at is null
    )
  select
    coalesce(t.source_key, l.source_key) as source_key,
    case
      when t.source_key is null then 'extra'
      when w.source_key is not null then 'quarantined'
      when l.id is null then 'missing'
      when t.raw_fingerprint is distinct from l.raw_fingerprint or f.fields <> '{}' then 'differing'
      else 'same'
    end as finding,
    f.fields
  from pg_temp.legacy_staged as t
  join app_private.pulled_homes(true) as p on p.source_key = t.source_key
  full join live as l on l.source_key = t.source_key
  left join waiting as w on w.source_key = t.source_key
  -- What the table does not say may have been made out from elsewhere: a type from a title.
  left join lateral (
    select array_remove(array[
      case when p.price_eur is not null and round(p.price_eur, 2) is distinct from l.price_eur then 'price' end,
      case when p.surface_m2 is not null and round(p.surface_m2, 2) is distinct from l.surface_m2 then 'surface' end,
      case when p.room_count is not null and p.room_count is distinct from l.room_count then 'rooms' end,
      case when p.sold_on is not null and p.sold_on is distinct from l.sold_on then 'sale_date' end,
      case when p.property_type <> 'unspecified' and p.property_type is distinct from l.property_type
        then 'property_type' end
    ], null) as fields
    where l.id is not null and t.source_key is not null
  ) as f on true;

  select jsonb_build_object(
    'table_rows', table_rows,
    'homes', count(*) filter (where g.finding <> 'extra'),
    'duplicates', table_rows - count(*) filter (where g.finding <> 'extra'),
    'same', count(*) filter (where g.finding = 'same'),
    'missing', count(*) filter (where g.finding = 'missing'),
    'differing', count(*) filter (where g.finding = 'differing'),
    'extra', count(*) filter (where g.finding = 'extra'),
    'quarantined', count(*) filter (where g.finding = 'quarantined'),
    'is_clean', coalesce(bool_and(g.finding in ('same', 'quarantined')), true),
    'samples', coalesce((
      select jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object('finding', e.finding, 'source_key', e.source_key, 'fields', e.fields))
        order by e.finding, e.source_key
      )
      from (
        select n.*
        from (
          select r.*, row_number() over (partition by r.finding order by r.source_key) as nth
          from pg_temp.legacy_findings as r
          where r.finding <> 'same'
        ) as n
        where n.nth <= 10
      ) as e
    ), '[]')
  ) into answer
  from pg_temp.legacy_findings as g;
  return answer;
end
$$;

comment on function app_public.compare_legacy() is $$
Holds every home of the older table pulled_properties against the live one of its key.

`missing` homes are not live, `differing` ones were pulled otherwise than they were migrated or have another price,
surface, room count, day of sale or type, `extra` ones are live and no longer in the table; `quarantined` ones wait
there with all they said. It is clean (`is_clean`) when none is missing, differing or extra. Up to ten samples of each.

    select compare_legacy() -> 'is_clean';  -- true

PC404: there is no such table.
$$;

grant execute on function app_public.compare_legacy() to app_analyst;
