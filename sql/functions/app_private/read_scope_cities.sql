create function app_private.read_scope_cities(codes text[])
returns text[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  answer text[];
  unknown text;
begin
  if codes is null then
    return null;
  end if;
  select
    array_agg(distinct p.present order by p.present),
    string_agg(coalesce(quote_literal(g.code), 'null'), ', ') filter (where p.present is null)
  into answer, unknown
  from unnest(codes) as g (code)
  cross join lateral (select app_public.present_insee_code(g.code) as present) as p;
  if unknown is not null then
    raise exception 'commune % does not exist', unknown
      using errcode = 'PC404',
        hint = 'Give INSEE codes, not postal codes: parcelle city resolve NAME finds them.';
  end if;
  if answer is null then
    raise exception 'a scope without communes sees nothing'
      using errcode = 'PC400', hint = 'Leave the communes out to mean all of them.';
  end if;
  return answer;
end
$$;

comment on function app_private.read_scope_cities(text[]) is $$
INSEE codes, present or former, as codes of present communes; null for null.

PC404: one of them is no commune. PC400: the list is empty.
$$;
