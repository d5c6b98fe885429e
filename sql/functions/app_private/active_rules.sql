create function app_private.active_rules(source smallint)
returns setof app_public.validation_rules
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select r.*
  from app_public.validation_rules as r
  where r.is_enabled and (r.source_id is null or r.source_id = source)
    and current_date between coalesce(r.valid_from, '-infinity') and coalesce(r.valid_to, 'infinity')
  order by r.id
$$;

comment on function app_private.active_rules(smallint) is $$
The rules in force for a source today.
$$;
