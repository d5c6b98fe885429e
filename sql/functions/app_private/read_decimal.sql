-- Separators stand between groups of three or before decimals. One separator before exactly three digits could be
-- either: the caller knows which, or that it cannot be told.

create function app_private.read_decimal(figures text, three_digits text)
returns numeric
language sql
immutable
strict
parallel safe
as $$
  select case
    when length(f.plain) > 20 then null
    when f.plain ~ '^[0-9]+$' then f.plain::numeric
    when f.plain ~ '^[0-9]{1,3}[.,][0-9]{3}$' then case
      when $2 = 'thousands' or $2 = 'unclear' and f.plain ~ '^[1-9][.,]' then translate(f.plain, '.,', '')::numeric
      when $2 = 'decimals' then replace(f.plain, ',', '.')::numeric
    end
    when f.plain ~ '^[0-9]+[.,][0-9]+$' then replace(f.plain, ',', '.')::numeric
    when f.plain ~ '^[0-9]{1,3}(?:[ ''][0-9]{3})+(?:[.,][0-9]+)?$' then
      replace(translate(f.plain, ' ''', ''), ',', '.')::numeric
    when f.plain ~ '^[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?$' then
      replace(replace(f.plain, '.', ''), ',', '.')::numeric
    when f.plain ~ '^[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$' then replace(f.plain, ',', '')::numeric
  end
  from (select btrim(translate($1, U&'\00a0\202f\2009\2019', '   '''))) as f (plain)
$$;

comment on function app_private.read_decimal(text, text) is $$
A number without sign and unit as French and English writers group it; null when it is none.

`three_digits` says what one separator before exactly three digits is: `thousands`, `decimals`, or `unclear`, where
only 1.250 is read (as 1250) and 85.125 is not.

    select app_private.read_decimal('252.000,50', 'thousands'), app_private.read_decimal('1,2', 'decimals');
    -- 252000.50, 1.2
$$;
