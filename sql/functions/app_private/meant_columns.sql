create function app_private.meant_columns(source smallint, header text[])
returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  with named as (
    select h.ordinal, coalesce(m.meant, lower(btrim(h.name))) as name
    from unnest(header) with ordinality as h (name, ordinal)
    left join lateral (
      select c.value as meant
      from app_public.sources as s
      cross join lateral jsonb_each_text(
        case when jsonb_typeof(s.config -> 'columns') = 'object' then s.config -> 'columns' else '{}' end
      ) as c
      where s.id = source and lower(c.key) = lower(btrim(h.name))
      limit 1
    ) as m on true
  )
  select array_agg(
    case
      when n.name = any (app_private.staged_fields() || '{payload,scraped_at}'::text[])
        -- The first of two columns with one name is meant by it.
        and n.ordinal = (select min(o.ordinal) from named as o where o.name = n.name)
      then n.name
    end
    order by n.ordinal
  )
  from named as n
$$;

comment on function app_private.meant_columns(smallint, text[]) is $$
For each column of a file the column of property_scrapes_staging that it is, or null where its cells go to the payload.

Names count without regard to case; `columns` in the source's config says what others mean.

    select app_private.meant_columns(2::smallint, '{Price,agent,price}');  -- {price,NULL,NULL}
$$;
