-- What costs little and is enough for most addresses: the number in front, "75002 Paris" at the end. The rest repeats
-- from home to home, so that it is read once for all of them. Whatever looks more involved is left whole (is_long).

create function app_private.split_address(address text, city text)
returns table (street_number integer, street text, is_long boolean, postal_code text, city text)
language sql
immutable
parallel safe
as $$
  select
    case when n.digit_count between 1 and 4 then left(h.head, n.digit_count)::integer end,
    case when n.digit_count between 1 and 4 then ltrim(substr(h.head, n.digit_count + 1), ' ,') else h.head end,
    n.digit_count > 4
      or h.head ~ '[,;(]|[0-9]{5}| [-–] |^[Nn] ?[°o]|[Cc](?:EDEX|edex)'
      or translate(lower(right(h.head, 2)), 'éèê', 'eee') = translate(lower(right($2, 2)), 'éèê', 'eee'),
    substring(t.tail, '[0-9]{5}'),
    case when t.tail is not null then substr(t.tail, strpos(t.tail, substring(t.tail, '[0-9]{5}')) + 6) end
  from (select app_private.tidy($1) as address offset 0) as a
  cross join lateral (
    select substring(
      a.address, '[ ,(]+[0-9]{5} (?!(?:[Rr]ue|[Rr]oute|[Cc]hemin|[Aa]venue|[Bb]oulevard|[Ii]mpasse|[Aa]ll[ée]e) )[^0-9,;()]{2,}$'
    ) as tail
    offset 0
  ) as t
  cross join lateral (
    select case
      when t.tail is not null then left(a.address, length(a.address) - length(t.tail))
      when right(a.address, length($2) + 2) = ', ' || $2 then left(a.address, length(a.address) - length($2) - 2)
      else a.address
    end as head
    offset 0
  ) as h
  cross join lateral (
    select length(h.head) - length(ltrim(h.head, '0123456789')) as digit_count offset 0
  ) as n
$$;

comment on function app_private.split_address(text, text) is $$
An address cut where that is simple: number, street with everything that is no number, and the postal code and city at
its end. `is_long` says that the street holds more than a street, which read_long_address takes apart.

    select * from app_private.split_address('12 bis rue de la Paix, 75002 Paris', null);
    -- 12, bis rue de la Paix, false, 75002, Paris
$$;
