-- The rule, and why. Nobody is named and nobody is looked for: every reason is about the home.
--   withdrawn: an ad that went away within the last 18 months without the home being called sold. Who gave up selling
--     often tries again. 0.5
--   certificate: its energy class was told or changed within the last 12 months while nobody offers it. A certificate is
--     asked for when a home is to be sold or let. 0.4
--   long_held: the register's last sale of it is seven years old or older. 0.2, and 0.3 from twelve years on
-- Weights add up as chances that do not know of each other: 1 - (1 - a)(1 - b). A home that is on offer, here or under
-- another source at the same address, is no lead.

create function app_private.find_offmarket(department text)
returns table (
  property_id bigint,
  insee_code text,
  department_code text,
  property_type app_base.property_type,
  score real,
  reasons jsonb
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  with
    homes as materialized (
      select l.*
      from app_public.properties_live as l
      where l.department_code = $1 and l.status in ('sold', 'removed') and l.property_type in ('house', 'flat')
        and not exists (
          select
          from app_public.properties_live as o
          where o.insee_code = l.insee_code and o.address_key = l.address_key and o.property_type = l.property_type
            and o.status in ('active', 'under_offer')
        )
    ),
    hits as (
      select h.id, 'withdrawn' as rule, 0.5 as weight,
        jsonb_build_object('missing_since', h.missing_since::date, 'listed_on', h.listed_on, 'price_eur', h.price_eur) as facts
      from homes as h
      where h.status = 'removed' and h.missing_since > now() - interval '18 months'
      union all
      select h.id, 'certificate', 0.4, jsonb_build_object('changed_on', c.changed_at::date, 'from', c.old_value, 'to', c.new_value)
      from homes as h
      cross join lateral (
        select c.changed_at, c.old_value, c.new_value
        from app_public.property_changes as c
        where c.property_id = h.id and c.field_name = 'dpe_class' and c.new_value is not null
          and c.changed_at > now() - interval '12 months'
          and c.changed_at > coalesce(h.sold_on, date '-infinity')
        order by c.changed_at desc
        limit 1
      ) as c
      union all
      select h.id, 'long_held', case when h.sold_on <= current_date - interval '12 years' then 0.3 else 0.2 end,
        jsonb_build_object('sold_on', h.sold_on)
      from homes as h
      where h.status = 'sold' and h.sold_on <= current_date - interval '7 years'
        -- A later sale of the parcel ends what an older one says.
        and not exists (
          select
          from app_public.transactions as t
          where h.parcel_id is not null and t.parcel_ids @> array[h.parcel_id] and t.sold_on > h.sold_on
        )
    )
  select h.id, h.insee_code, h.department_code, h.property_type,
    (1 - exp(sum(ln(1 - i.weight))))::real,
    jsonb_agg(jsonb_build_object('rule', i.rule, 'weight', i.weight) || jsonb_strip_nulls(i.facts) order by i.weight desc, i.rule)
  from hits as i
  join homes as h on h.id = i.id
  group by h.id, h.insee_code, h.department_code, h.property_type
$$;

comment on function app_private.find_offmarket(text) is $$
The homes of a département that may soon be for sale although nobody offers them, with every reason and its weight.

Houses and flats that are not on offer anywhere, and of which an ad was withdrawn without a sale (within 18 months), the
energy class was told or changed (within 12 months, after the last sale), or the last registered sale is seven years old
or older. About homes, never persons.

    select property_id, score, reasons from app_private.find_offmarket('44') order by score desc;
$$;
