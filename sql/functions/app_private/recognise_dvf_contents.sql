create function app_private.recognise_dvf_contents(release integer, checksum text)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  known integer;
begin
  select r.id into known
  from app_public.dvf_releases as r
  where r.content_checksum = checksum and r.status in ('applied', 'held') and r.id <> release
  order by r.id desc
  limit 1;
  if known is null then
    update app_public.dvf_releases as r set content_checksum = checksum where r.id = release;
  end if;
  return known;
end
$$;

comment on function app_private.recognise_dvf_contents(integer, text) is $$
Keeps the checksum that a loading release turned out to have, or answers which release has these contents already.
$$;
