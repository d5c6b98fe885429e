-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.pause_pipeline(name text)
returns app_public.pipelines
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.pipelines;
begin
  update app_public.pipelines as p set paused_at = coalesce(p.paused_at, clock_timestamp())
  where p.name = pause_pipeline.name
  returning p.* into answer;
  if not found then
    raise exception 'pipeline % does not exist', coalesce(quote_literal(pause_pipeline.name), 'null')
      using errcode = 'PC404', hint = 'List them with: parcelle pipeline list';
  end if;
  perform app_private.record_admin_action('pause_pipeline', answer.name);
  return answer;
end
$$;

comment on function app_public.pause_pipeline(text) is $$
Keeps a pipeline from beginning runs; those at work go on. One that is paused stays so.

    select paused_at from pause_pipeline('dvf_update');

PC404: there is no such pipeline.
$$;

grant execute on function app_public.pause_pipeline(text) to app_analyst;
