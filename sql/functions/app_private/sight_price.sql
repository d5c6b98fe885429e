-- What the server's own input functions tell apart costs a quarter of a regular expression. PostgreSQL keeps 32
-- compiled expressions: the fields of a row must not need more, or each is compiled again for each row.
-- One expression, which the planner puts in place of the call; so are all functions that see something at sight.

create function app_private.sight_price(text)
returns numeric
language sql
stable
parallel safe
as $$
  select case
    when $1 is null then null
    when $1 between '1' and ':' and pg_input_is_valid($1, 'integer') then $1::integer::numeric
    when $1 ~ '^[1-9][0-9]{0,2}(?:[ \u00a0\u202f][0-9]{3}){1,2}[ \u00a0\u202f]?€?$' then
      replace(replace(replace(replace($1, ' ', ''), U&'\00a0', ''), U&'\202f', ''), '€', '')::numeric
  end
$$;

comment on function app_private.sight_price(text) is $$
A price in one of its commonest forms (252000, 252 000 €); null otherwise: see read_price.

    select app_private.sight_price('252 000 €');  -- 252000
$$;
