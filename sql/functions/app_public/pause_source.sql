-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.pause_source(source text, reason text default null)
returns app_public.sources
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.sources;
begin
  select s.* into answer from app_public.sources as s where s.code = pause_source.source for update;
  if not found then
    raise exception 'source % does not exist', coalesce(quote_literal(pause_source.source), 'null')
      using errcode = 'PC404', hint = 'List the sources with: parcelle sources list';
  end if;
  if answer.paused_at is not null then
    return answer;
  end if;
  update app_public.sources as s set paused_at = clock_timestamp() where s.id = answer.id returning s.* into answer;
  perform app_private.record_admin_action('pause_source', answer.code,
    jsonb_strip_nulls(jsonb_build_object('reason', pause_source.reason)));
  return answer;
end
$$;

comment on function app_public.pause_source(text, text) is $$
Pauses a source: no session of it begins and none is synced until it is resumed. A source that is paused stays so.

    select paused_at from pause_source('csv', 'prices look wrong');

PC404: there is no such source.
$$;

grant execute on function app_public.pause_source(text, text) to app_analyst;
