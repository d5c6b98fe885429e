-- What people write where a commune's name is asked for: "44000 Nantes", "Saint-Denis (93)", "LYON CEDEX 03",
-- "8e arrondissement de Paris", "Nantes, France". Everything that is not the name is taken out of it and kept apart.
-- No "set" clause, so that the planner can inline it into a batch.

create function app_private.read_city_question(name text, postal_code text, department_code text)
returns table (normal_name text, postal_code text, code_given text, department_code text)
language sql
stable
as $$
  select
    case
      when looks.has_arrondissements then app_private.arrondissement_name(plain.normal_name)
      else plain.normal_name
    end,
    coalesce(
      -- 6000, 75008.0, F-75008, 75 008: what spreadsheets and forms make of a postal code.
      lpad(substring(replace($2, ' ', '') from '^(?:[Ff]-?)?([0-9]{4,5})(?:\.0)?$'), 5, '0'),
      found.postal_code
    ),
    upper(replace($2, ' ', '')),
    -- 1 is 01; 974 stays whole.
    regexp_replace(upper(coalesce(nullif(btrim($3), ''), found.department_code)), '^([0-9])$', '0\1')
  from (select coalesce($1, '') as name) as given
  cross join lateral (
    select given.name ~* '[0-9(,]|cedex' as has_more, given.name ~* '\m(paris|lyon|marseille)' as has_arrondissements
  ) as looks
  cross join lateral (
    select
      case when looks.has_more then substring(given.name from '\m([0-9]{5})\M') end as postal_code,
      case
        when looks.has_arrondissements then substring(given.name from '\(\s*(75|69|13)\s*\)')
        when looks.has_more then substring(given.name from '\(\s*([0-9]{1,3}|2[abAB])\s*\)')
      end as department_code
  ) as found
  cross join lateral (
    select case
      when looks.has_arrondissements and looks.has_more then
        regexp_replace(
          -- LYON CEDEX 03 names the arrondissement, LYON 03 CEDEX 2 has named it before.
          regexp_replace(given.name, '([0-9]\s*[a-zè]{0,4})\s+cedex\M\s*[0-9]*', '\1', 'i'),
          '\m[0-9]{5}\M|\(\s*(?:75|69|13)\s*\)|,\s*france\s*$|\mcedex\M', ' ', 'gi'
        )
      when looks.has_more then
        regexp_replace(
          given.name,
          '\m[0-9]{5}\M|\(\s*(?:[0-9]{1,3}|2[ab])\s*\)|,\s*france\s*$|\mcedex\M(?:\s*[0-9]{1,2}\M)?', ' ', 'gi'
        )
      else given.name
    end as name
  ) as bare
  cross join lateral (select app_base.normal_city_name(bare.name) as normal_name offset 0) as plain
$$;

comment on function app_private.read_city_question(text, text, text) is $$
A commune's name, postal code and department as people give them, taken apart: the normal name, a postal code of five
digits (null when there is none), the code as it came (it may be an INSEE code), a department.

    select * from app_private.read_city_question('44000 Nantes Cedex 2', null, null);  -- nantes, 44000, null, null
$$;
