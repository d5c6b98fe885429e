-- requires: sql/functions/app_private/session_rows_filter.sql
-- A sample, since reading the payload of a million rows would take as long as everything else together; a layout that
-- changes does so in every row.

create function app_private.schema_drift(
  rule app_public.validation_rules, session app_public.scrape_sessions,
  out is_applicable boolean, out is_failed boolean, out details jsonb
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  config jsonb := rule.rule_config;
  filled text[];
  earlier text[];
  missing text[];
  appeared text[];
begin
  execute format(
    'with sampled as materialized (
       select s.* from app_public.property_scrapes_staging as s where %s limit %s
     )
     select array_agg(k.key order by k.key)
     from (
       select unnest(array_remove(array[%s], null)) as key from sampled as s
       union
       select ''payload.'' || e.key
       from sampled as s
       cross join lateral jsonb_object_keys(case when jsonb_typeof(s.payload) = ''object'' then s.payload else ''{}'' end)
         as e (key)
     ) as k',
    app_private.session_rows_filter(session), coalesce((config ->> 'sample')::integer, 2000),
    (select string_agg(format('case when bool_or(s.%I <> '''') then %1$L end', f), ', ')
     from unnest(app_private.staged_fields()) as f)
  ) into filled;
  filled := coalesce(filled, '{}');
  select array(select jsonb_array_elements_text(r.details -> 'filled')) into earlier
  from app_public.validation_results as r
  join app_public.scrape_sessions as s on s.id = r.session_id
  where r.rule_id = rule.id and s.source_id = session.source_id and s.status = 'completed'
    and s.session_no < session.session_no
    and jsonb_typeof(r.details -> 'filled') = 'array' and r.details -> 'filled' <> '[]'
  order by s.session_no desc
  limit 1;
  is_applicable := earlier is not null and filled <> '{}';
  missing := case when is_applicable then array(select unnest(earlier) except select unnest(filled) order by 1) else '{}' end;
  appeared := case when is_applicable then array(select unnest(filled) except select unnest(earlier) order by 1) else '{}' end;
  is_failed := cardinality(missing) > coalesce((config ->> 'max_missing')::integer, 0)
    or cardinality(appeared) > coalesce((config ->> 'max_new')::integer, 0);
  details := jsonb_build_object('filled', filled, 'missing', missing, 'appeared', appeared);
end
$$;

comment on function app_private.schema_drift(app_public.validation_rules, app_public.scrape_sessions) is $$
Compares which columns and payload keys a sample of a session's rows fills with what the same rule noted of the source's
last completed session. What it fills is noted in `details.filled` for the next one.
$$;
