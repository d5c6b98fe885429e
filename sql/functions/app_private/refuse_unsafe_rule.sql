-- The text itself says little (a name may be quoted, a function hide in an operator), so the tree that PostgreSQL made
-- of it is read: every function, operator and table it will use stands there by its number. A name that looks like
-- such an entry can only add to what is refused.

create function app_private.refuse_unsafe_rule(made regprocedure, what text)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  tree text := (select p.prosqlbody::text from pg_proc as p where p.oid = made);
  problem text;
begin
  if tree is null then
    raise exception '% has no tree', made using errcode = 'PC500';
  end if;
  select case
      when n.nspname not in ('pg_catalog', 'app_base', 'app_rules') then format('calls %s', p.oid::regprocedure)
      when p.provolatile = 'v' then format('calls %s, which is volatile', p.proname)
      when p.proretset and p.proname not in (
        'unnest', 'jsonb_array_elements', 'jsonb_array_elements_text', 'jsonb_each', 'jsonb_each_text',
        'jsonb_object_keys', 'regexp_matches', 'regexp_split_to_table', 'string_to_table'
      ) then format('calls %s, which gives any number of rows', p.proname)
      else format('calls %s', p.proname)
    end
  into problem
  from (
    select m[2]::oid as oid from regexp_matches(tree, ':(\w*funcid|aggfnoid|winfnoid|tsmhandler) (\d+)', 'g') as m
    union
    select o.oprcode::oid
    from regexp_matches(tree, ':(opno|eqop|sortop) (\d+)', 'g') as m
    join pg_operator as o on o.oid = m[2]::oid
  ) as used
  join pg_proc as p on p.oid = used.oid
  join pg_namespace as n on n.oid = p.pronamespace
  where p.oid <> made and (
    n.nspname not in ('pg_catalog', 'app_base') or p.provolatile = 'v' or p.proretset
      and p.proname not in (
        'unnest', 'jsonb_array_elements', 'jsonb_array_elements_text', 'jsonb_each', 'jsonb_each_text',
        'jsonb_object_keys', 'regexp_matches', 'regexp_split_to_table', 'string_to_table'
      )
    -- What tells of the server, its settings, its files or its roles, or runs a text as SQL.
    or n.nspname = 'pg_catalog' and p.proname ~ '^(pg_(?!typeof$)|current_setting|set_config|lo_|inet_(client|server)_|txid_|ts_(stat|rewrite)|has_|to_reg|obj_description|col_description|shobj_description|row_security|get_bit_dummy|version$|binary_upgrade|(query|table|schema|database|cursor)_to_xml)'
  )
  limit 1;
  problem := coalesce(problem, (
    select format('reads %s', coalesce(nullif(c.oid, 0)::regclass::text, 'a table'))
    from (select m[1]::oid as oid from regexp_matches(tree, ':relid (\d+)', 'g') as m) as c
    where c.oid <> 0 and not exists (
      select from pg_class as k
      where k.oid = c.oid and k.relnamespace = 'app_public'::regnamespace and (
        k.relname in ('property_scrapes_staging', 'staged_properties', 'properties_live')
        or k.relname = any (app_private.rule_reference_tables())
      )
    )
    limit 1
  ), case
    when tree ~ ':commandType [^1]' then 'does more than read'
    when tree ~ ':hasModifyingCTE true' then 'writes'
    when tree ~ ':hasRecursive true' then 'calls itself (with recursive)'
    when tree ~ ':hasForUpdate true' then 'locks rows'
  end);
  if problem is not null then
    raise exception '% %', what, problem
      using errcode = 'PC422',
      hint = 'A rule may read staged_properties, property_scrapes_staging, properties_live and the reference tables, with functions of PostgreSQL that are not volatile.';
  end if;
end
$$;

comment on function app_private.refuse_unsafe_rule(regprocedure, text) is $$
Refuses a function made from the text of a rule when it reads another table than staging, live and reference, calls
another function than pg_catalog's and app_base's harmless ones, writes, locks or recurses.

PC422: it does; the message says what, after `what`.
$$;
