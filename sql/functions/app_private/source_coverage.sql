-- requires: sql/functions/app_private/scope_cities.sql
-- requires: sql/functions/app_private/session_rows_filter.sql

create function app_private.source_coverage(
  rule app_public.validation_rules, session app_public.scrape_sessions,
  out is_applicable boolean, out is_failed boolean, out details jsonb
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  wanted text[];
  unseen text[];
  share numeric;
begin
  select array_agg(distinct l.insee_code) into wanted
  from app_public.properties_live as l
  where l.source_id = session.source_id and l.status in ('active', 'under_offer') and l.insee_code is not null
    and (session.scope_insee_codes is null or l.insee_code = any (app_private.scope_cities(session.scope_insee_codes)))
    and (session.scope_property_types is null or l.property_type = any (session.scope_property_types));
  execute format(
    'select array(
       select unnest($1)
       except
       select s.insee_code from app_public.staged_properties as s where %s
       except
       select l.insee_code
       from app_private.property_sighting_blocks as b
       cross join lateral unnest(b.offsets) as o (id)
       join app_public.properties_live as l on l.id = (b.block_no::bigint << 10) + o.id
       where b.session_no = $2
       order by 1
     )', app_private.session_rows_filter(session)
  ) into unseen using wanted, session.session_no;
  share := round(1 - cardinality(unseen)::numeric / nullif(cardinality(wanted), 0), 4);
  is_applicable := share is not null;
  is_failed := share < (rule.rule_config ->> 'min')::numeric;
  details := jsonb_build_object('commune_count', coalesce(cardinality(wanted), 0), 'share_seen', share,
    'unseen', to_jsonb(unseen[:20]));
end
$$;

comment on function app_private.source_coverage(app_public.validation_rules, app_public.scrape_sessions) is $$
Which of the communes where the source has homes on the market, inside the session's scope, the session saw none of.
$$;
