create function app_private.sight_phone(text)
returns text
language sql
stable
parallel safe
as $$
  select case
    when replace(replace(replace($1, ' ', ''), '.', ''), '-', '') like '0_________'
      and left($1, 2) between '01' and '09'
      and pg_input_is_valid(replace(replace(replace($1, ' ', ''), '.', ''), '-', ''), 'bigint')
      and substr(replace(replace(replace($1, ' ', ''), '.', ''), '-', ''), 2, 3) <> all (array[
        '262', '263', '269', '508', '590', '594', '596', '639', '690', '691', '692', '693', '694', '696', '697'
      ])
      then '+33' || substr(replace(replace(replace($1, ' ', ''), '.', ''), '-', ''), 2)
  end
$$;

comment on function app_private.sight_phone(text) is $$
A telephone number of ten digits in metropolitan France, in the form of E.164; null otherwise: see read_phone.

    select app_private.sight_phone('06 12 34 56 78');  -- +33612345678
$$;
