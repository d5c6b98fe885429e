-- What costs little and is enough for most addresses: the number in front, "75002 Paris" or the city at the end. The
-- rest repeats from home to home, so that it is read once for all of them. Whatever looks more involved is left whole.

create function app_private.split_address(address text, city text)
returns table (street_number integer, street text, is_long boolean, postal_code text, city text)
language sql
immutable
parallel safe
as $$
  select
    s.street_number,
    s.street,
    s.street_number is null and s.street between '0' and ':'
      or not s.is_plain and s.street ~ '[,;(]|[0-9]{5}| [-–] |^[Nn] ?[°o]|[Cc](?:EDEX|edex)'
      or coalesce(lower(right(s.street, least(length($2), 4))) = lower(right($2, 4)), false),
    substring(s.place, '[0-9]{5}'),
    substring(s.place, '[0-9]{5} (.*)$')
  from (
    select
      h.is_plain,
      h.place,
      case when h.digit_count between 1 and 4 then nullif(left(h.head, h.digit_count)::integer, 0) end as street_number,
      case
        when h.digit_count between 1 and 4 then ltrim(substr(h.head, h.digit_count + 1), ' ,')
        else h.head
      end as street
    from (
      select
        t.is_plain,
        t.place,
        left(t.address, length(t.address) - t.tail_length) as head,
        length(t.address) - length(ltrim(t.address, '0123456789')) as digit_count
      from (
        select
          p.*,
          case
            when p.place is not null then length(p.place)
            when not p.is_plain and right(p.address, length($2) + 2) = ', ' || $2 then length($2) + 2
            else 0
          end as tail_length
        from (
          select
            a.*,
            case when not a.is_plain then substring(
              a.address,
              '[ ,(]+[0-9]{5} '
              || '(?!(?:[Rr]ue|[Rr]oute|[Cc]hemin|[Aa]venue|[Bb]oulevard|[Ii]mpasse|[Aa]ll[ée]e) )[^0-9,;()]{2,}$'
            ) end as place
          from (
            select
              $1 as address,
              $1 ~ '^(?:[0-9]{1,4},? ?)?[^–0-9,;()°]+$' and $1 not like '% - %' as is_plain
            offset 0
          ) as a
          offset 0
        ) as p
        offset 0
      ) as t
      offset 0
    ) as h
    offset 0
  ) as s
$$;

comment on function app_private.split_address(text, text) is $$
A tidy address cut where that is simple: number, street with everything that is no number, and the postal code and city
at its end. `is_long` says that the street holds more than a street, which read_long_address takes apart.

    select * from app_private.split_address('12 bis rue de la Paix, 75002 Paris', null);
    -- 12, bis rue de la Paix, false, 75002, Paris
$$;
