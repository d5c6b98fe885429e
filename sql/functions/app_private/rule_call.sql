create function app_private.rule_call(function_name text)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  call text;
begin
  select format('app_rules.%I(%s)', function_name, coalesce((
      select string_agg(format('r.%I', n.column_name), ', ' order by a.ordinal)
      from unnest(p.proargnames) with ordinality as a (name, ordinal)
      join app_private.rule_names() as n on n.name = a.name
    ), ''))
  into call
  from pg_proc as p
  where p.pronamespace = 'app_rules'::regnamespace and p.proname = function_name;
  if not found then
    raise exception 'function app_rules.% does not exist', function_name
      using errcode = 'PC500', hint = 'Deploy again with parcelle deploy --force: it makes the functions of rules anew.';
  end if;
  return call;
end
$$;

comment on function app_private.rule_call(text) is $$
The call of a function made from a rule's text, with the columns its parameters mean.

    -- app_rules.rule_17(r.price_eur, r.surface_m2)

PC500: there is no such function.
$$;
