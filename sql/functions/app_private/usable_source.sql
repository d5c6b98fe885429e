create function app_private.usable_source(wanted text)
returns app_public.sources
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.sources;
begin
  select s.* into answer from app_public.sources as s where s.code = wanted;
  if not found then
    raise exception 'source % does not exist', coalesce(quote_literal(wanted), 'null')
      using errcode = 'PC404',
        hint = 'List the sources with: parcelle sources list, or make one with: parcelle sources add';
  end if;
  if not answer.is_enabled then
    raise exception 'source % is disabled', wanted
      using errcode = 'PC409', hint = 'Enable it with: parcelle sources resume ' || wanted;
  end if;
  if answer.paused_at is not null then
    raise exception 'source % is paused', wanted
      using errcode = 'PC409', hint = 'Resume it with: parcelle sources resume ' || wanted;
  end if;
  return answer;
end
$$;

comment on function app_private.usable_source(text) is $$
The source of that code, if sessions of it may begin.

PC404: there is no such source. PC409: it is disabled or paused.
$$;
