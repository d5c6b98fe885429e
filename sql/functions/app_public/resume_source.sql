-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.resume_source(source text)
returns app_public.sources
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  before app_public.sources;
  answer app_public.sources;
begin
  select s.* into before from app_public.sources as s where s.code = resume_source.source for update;
  if not found then
    raise exception 'source % does not exist', coalesce(quote_literal(resume_source.source), 'null')
      using errcode = 'PC404', hint = 'List the sources with: parcelle sources list';
  end if;
  if before.is_enabled and before.paused_at is null then
    return before;
  end if;
  update app_public.sources as s
  set is_enabled = true, paused_at = null
  where s.id = before.id
  returning s.* into answer;
  perform app_private.record_admin_action('resume_source', answer.code,
    jsonb_build_object('was_enabled', before.is_enabled, 'paused_at', before.paused_at));
  return answer;
end
$$;

comment on function app_public.resume_source(text) is $$
Lets a paused or disabled source work again. Whoever enables a source that ships disabled says thereby that its terms
allow the use.

    select is_enabled, paused_at from resume_source('csv');  -- true, null

PC404: there is no such source.
$$;

grant execute on function app_public.resume_source(text) to app_analyst;
