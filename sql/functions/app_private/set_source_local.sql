create function app_private.set_source_local(wanted text, is_local boolean)
returns app_public.sources
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.sources;
begin
  update app_public.sources as s
  set is_local = set_source_local.is_local
  where s.code = wanted
  returning s.* into answer;
  if not found then
    raise exception 'source % does not exist', coalesce(quote_literal(wanted), 'null')
      using errcode = 'PC404', hint = 'List the sources with: parcelle sources list';
  end if;
  perform app_private.record_admin_action('set_source_local', answer.code,
    jsonb_build_object('is_local', answer.is_local));
  return answer;
end
$$;

comment on function app_private.set_source_local(text, boolean) is $$
Says that a source lies on this machine or in its own network, so that private addresses may be asked for it. Only the
owner may: through anybody else's hands it would open the inside of the network.

PC404: there is no such source.
$$;
