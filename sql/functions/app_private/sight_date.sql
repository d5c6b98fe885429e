create function app_private.sight_date(text)
returns date
language sql
stable
parallel safe
as $$
  select case
    when $1 is null then null
    when $1 like '____-__-__' then case
      when $1 between '1' and '3' and pg_input_is_valid($1, 'date') then $1::date
    end
    when $1 like '__/__/____' then case
      when pg_input_is_valid(right($1, 4) || '-' || substr($1, 4, 2) || '-' || left($1, 2), 'date') and $1 ~ '^[0-9/]+$'
        then (right($1, 4) || '-' || substr($1, 4, 2) || '-' || left($1, 2))::date
    end
  end
$$;

comment on function app_private.sight_date(text) is $$
A day in one of its commonest forms (2024-01-12, 12/01/2024); null otherwise: see read_date.

    select app_private.sight_date('12/01/2024');  -- 2024-01-12
$$;
