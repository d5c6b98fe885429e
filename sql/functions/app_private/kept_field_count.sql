create function app_private.kept_field_count(
  before app_public.properties_live, after app_public.properties_live, live app_public.properties_live
)
returns integer
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select count(*)::integer
  from jsonb_each(to_jsonb(after)) as a
  join jsonb_each(to_jsonb(before)) as b on b.key = a.key
  join jsonb_each(to_jsonb(live)) as l on l.key = a.key
  where b.value <> a.value and l.value <> a.value and a.key not in ('price_per_m2', 'location', 'search')
$$;

comment on function app_private.kept_field_count(
  app_public.properties_live, app_public.properties_live, app_public.properties_live
) is $$
In how many columns a home was changed by a session and then again by something else: what a forced undo keeps.
$$;
