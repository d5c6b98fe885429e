create function app_public.normalise_address(address text)
returns app_public.address_parts
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select row(
    nullif(concat_ws(', ', nullif(ltrim(concat(n.street_number, r.shown)), ''), n.complement), ''),
    n.street_number, r.street_suffix, r.street_type, r.street_name,
    ltrim(concat(n.street_number) || r.matched),
    n.postal_code, n.city
  )::app_public.address_parts
  from app_private.split_address(
    case when not app_private.is_not_said($1) then app_private.tidy($1) end, null
  ) as s
  left join lateral app_private.read_long_address(
    case when s.is_long then s.street end, s.city, s.street_number is not null
  ) as l on true
  cross join lateral (
    select
      coalesce(s.street_number, l.street_number) as street_number,
      case when s.is_long then l.street else s.street end as street,
      l.complement,
      coalesce(s.postal_code, l.postal_code) as postal_code,
      coalesce(s.city, l.place) as city
    offset 0
  ) as n
  cross join lateral app_private.read_street(n.street, n.street_number is not null) as r
$$;

comment on function app_public.normalise_address(text) is $$
A French address as people write it, taken apart, tidied and brought to the form in which addresses are compared.

Understands bis, ter and letters after the number, ranges (12-14), abbreviated street types (av., BD, CHE), parts around
the street (residence, building), and postal code and city behind it. The key keeps articles, writes types and St, Gal,
Dr out, takes the land register's B for bis, and counts a range as its first number. Normalising the tidy form changes
nothing.

    select address, address_key from normalise_address('12B AV DU GAL LECLERC 75014 PARIS');
    -- 12B Avenue du Gal Leclerc, 12 bis avenue du general leclerc
$$;

grant execute on function app_public.normalise_address(text) to app_visitor, app_analyst;
