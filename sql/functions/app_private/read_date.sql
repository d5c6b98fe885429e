-- Days up to the 28th exist in every month, so that these forms need no trial.

create function app_private.read_date(text)
returns date
language sql
immutable
parallel safe
as $$
  select case
    when $1 is null then null
    when $1 ~ '^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])$'
      then make_date(left($1, 4)::integer, substr($1, 6, 2)::integer, substr($1, 9, 2)::integer)
    else app_private.read_date_words($1)
  end
$$;

comment on function app_private.read_date(text) is $$
A day as it is written: 2024-01-12, 2024-01-12T10:00:00Z, 12/01/2024, 12.01.24, 12 janvier 2024, lundi 1er févr. 2024.

A month alone is its first day: mars 2023, 03/2023, 2023-03. Day before month, as the French write. Null when it is
not said and when it cannot be read: a day that does not exist, a year alone, "hier".

    select app_private.read_date('mars 2023');  -- 2023-03-01
$$;
