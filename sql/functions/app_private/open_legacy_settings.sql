create function app_private.open_legacy_settings()
returns app_private.legacy_settings
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_private.legacy_settings;
begin
  select s.* into answer from app_private.legacy_settings as s for update;
  if answer.retired_at is not null then
    raise exception 'pulled_properties has been retired'
      using errcode = 'PC409', hint = 'Readers see the live homes for good.';
  end if;
  if to_regclass('public.pulled_properties') is null then
    raise exception 'there is no table pulled_properties in schema public'
      using errcode = 'PC404', hint = 'Without it readers see the live homes; there is nothing to switch.';
  end if;
  return answer;
end
$$;

comment on function app_private.open_legacy_settings() is $$
The settings of the way from the older table, locked until the transaction ends.

PC404: there is no such table. PC409: it has been retired.
$$;
