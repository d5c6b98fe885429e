-- Security definer: the view properties_current asks for whoever reads it; the answer says nothing about any home.

create function app_private.reads_pulled()
returns boolean
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
  select s.reads_from = 'pulled' and to_regclass('public.pulled_properties') is not null
  from app_private.legacy_settings as s
$$;

comment on function app_private.reads_pulled() is $$
Whether properties_current shows the older table: until somebody switches, for as long as there is one.
$$;

grant execute on function app_private.reads_pulled() to app_analyst;
