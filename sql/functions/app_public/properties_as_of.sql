-- Security definer: versions are the owner's alone; whoever may see the live homes may see how they stood.

create function app_public.properties_as_of(instant timestamptz)
returns setof app_public.properties_live
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
  with past as (
    select distinct on (v.property_id) v.property_id, v.image
    from app_private.property_versions as v
    where v.replaced_at > instant
    order by v.property_id, v.replaced_at, v.id
  )
  select l.*
  from app_public.properties_live as l
  where l.created_at <= instant and not exists (select from past as p where p.property_id = l.id)
  union all
  select (p.image).*
  from past as p
  where (p.image).created_at <= instant
$$;

comment on function app_public.properties_as_of(timestamptz) is $$
The live homes as they stood at an instant, every column of them.

What was undone since is shown as it stood then. History that was let go by policy shows no more than the state after it.

    select count(*), avg(price_eur) from properties_as_of(now() - interval '1 month') where insee_code = '35238';
$$;

grant execute on function app_public.properties_as_of(timestamptz) to app_analyst;
