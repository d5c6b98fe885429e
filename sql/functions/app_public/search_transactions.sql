-- No `set` clause and one statement, so that PostgreSQL puts the body in the place of the call: conditions that are
-- not given fall away in the plan, and order and limit of the caller reach the index of those that are.
-- Paris, Lyon and Marseille are the only communes with arrondissements (law of 31 December 1982); with their codes
-- written out, the question which column a code belongs to is settled while planning.

create function app_public.search_transactions(
  commune text default null,
  department text default null,
  sold_from date default null,
  sold_to date default null,
  property_types app_base.property_type[] default null,
  natures app_base.mutation_nature[] default null,
  price_min_eur numeric default null,
  price_max_eur numeric default null,
  price_per_m2_min numeric default null,
  price_per_m2_max numeric default null,
  surface_min_m2 integer default null,
  surface_max_m2 integer default null,
  rooms_min integer default null,
  rooms_max integer default null,
  land_min_m2 integer default null,
  land_max_m2 integer default null,
  parcel text default null,
  near_longitude double precision default null,
  near_latitude double precision default null,
  radius_m double precision default 1000,
  west double precision default null,
  south double precision default null,
  east double precision default null,
  north double precision default null
)
returns setof app_public.transactions
language sql
stable
parallel safe
begin atomic
  select t.*
  from app_public.transactions as t
  where
    (commune is null or case
      when commune in ('75056', '69123', '13055') then t.parent_insee_code = commune
      else t.insee_code = commune
    end)
    and (department is null or t.department_code = department)
    and (sold_from is null or t.sold_on >= sold_from)
    and (sold_to is null or t.sold_on <= sold_to)
    and (property_types is null or t.property_type = any (property_types))
    and (natures is null or t.nature = any (natures))
    -- Under row level security PostgreSQL looks at no statistics for numeric comparisons and takes any range of prices
    -- for a rare one. Where a place is given, "is true" keeps the index on prices out of the choice.
    and (price_min_eur is null or case
      when coalesce(commune, department, parcel) is null and coalesce(near_longitude, west) is null
        then t.price_eur >= price_min_eur
      else (t.price_eur >= price_min_eur) is true
    end)
    and (price_max_eur is null or case
      when coalesce(commune, department, parcel) is null and coalesce(near_longitude, west) is null
        then t.price_eur <= price_max_eur
      else (t.price_eur <= price_max_eur) is true
    end)
    and (price_per_m2_min is null or t.price_per_m2 >= price_per_m2_min)
    and (price_per_m2_max is null or t.price_per_m2 <= price_per_m2_max)
    and (surface_min_m2 is null or t.built_surface_m2 >= surface_min_m2)
    and (surface_max_m2 is null or t.built_surface_m2 <= surface_max_m2)
    and (rooms_min is null or t.room_count >= rooms_min)
    and (rooms_max is null or t.room_count <= rooms_max)
    and (land_min_m2 is null or t.land_surface_m2 >= land_min_m2)
    and (land_max_m2 is null or t.land_surface_m2 <= land_max_m2)
    -- A place or a parcel comes first, whatever the order asked for: how many sales lie in a box cannot be estimated,
    -- and on a wrong guess the planner would walk the whole ledger by date instead.
    and (
      (
        near_longitude is null and near_latitude is null
        and west is null and south is null and east is null and north is null
        and parcel is null
      )
      or t.ctid = any (array(
        select s.ctid
        from app_public.transactions as s
        where (parcel is null or s.parcel_ids operator(pg_catalog.@>) array[parcel])
          and ((near_longitude is null and near_latitude is null) or (
            s.location operator(pg_catalog.<@) app_public.bounding_box(near_longitude, near_latitude, radius_m)
            and app_public.distance_m(near_longitude, near_latitude, s.longitude, s.latitude) <= radius_m
          ))
          and ((west is null and south is null and east is null and north is null) or
            s.location operator(pg_catalog.<@) pg_catalog.box(
              pg_catalog.point(west, south), pg_catalog.point(east, north)
            )
          )
      ))
    );
end;

comment on function app_public.search_transactions is $$
Sales by place, period, kind, price, surface, rooms and parcel; every condition that is given must hold.

- `commune`: INSEE code of a commune or arrondissement; 75056, 69123 and 13055 are Paris, Lyon and Marseille whole.
- `sold_from`, `sold_to`, and every `…_min`, `…_max`: limits included; a sale without the figure is left out.
- `price_…_eur`: the deed's whole price, €. `price_per_m2_…`: €/m². `surface_…_m2`: built surface. `land_…_m2`: land.
- `parcel`: 14 characters of the land register, as `75104000AB0012`.
- `near_longitude`, `near_latitude`, `radius_m`: around a point, degrees east and north, metres (1000 unless said).
- `west`, `south`, `east`, `north`: inside a box, degrees; all four together.

Without an order sales come in none; ask for one, and for a page. For the nearest ones first see
nearest_transactions.

    select sold_on, price_eur from search_transactions(commune => '35238', property_types => '{flat}')
    order by sold_on desc limit 10;
$$;

grant execute on function app_public.search_transactions to app_analyst;
