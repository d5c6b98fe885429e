-- Security definer: lines lie in app_private, where no application role may read. What replaces row-level
-- security is the grant: only a role that may see every single sale may ask for the lines of one.

create function app_public.transaction_lines(transaction_id bigint)
returns table (
  release_code text,
  file_name text,
  line_no integer,
  disposition_no integer,
  price_eur numeric,
  parcel_id text,
  premises_type app_base.premises_type,
  built_surface_m2 integer,
  room_count integer,
  lots text[],
  land_use_code text,
  special_land_use_code text,
  land_surface_m2 integer
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
  select r.code, s.name, l.line_no, l.disposition_no, l.price_cents * 0.01, l.parcel_id, l.premises_type,
    l.built_surface_m2, l.room_count, l.lots, l.land_use_code, l.special_land_use_code, l.land_surface_m2
  from app_public.transactions as t
  join app_public.transaction_dispositions as d on d.transaction_id = t.id
  join app_private.dvf_lines as l
    on l.release_id = t.line_release_id and l.sold_on = t.sold_on and l.disposition_no = d.disposition_no
    and l.price_cents is not distinct from (d.price_eur * 100)::bigint
    and l.nature = t.nature and l.parcel_id = any (d.parcel_ids)
  join app_public.dvf_releases as r on r.id = l.release_id
  join app_public.dvf_sources as s on s.release_id = l.release_id and s.source_no = l.source_no
  where t.id = transaction_lines.transaction_id
  order by s.source_no, l.line_no
$$;

comment on function app_public.transaction_lines(bigint) is $$
The lines of a sale as the release that last spoke of it brought them: file, line number (the header is line 1)
and what the line says. A line that two overlapping files both brought is shown in both.

    select file_name, line_no from transaction_lines(4711);  -- full.csv, 20817
$$;

grant execute on function app_public.transaction_lines(bigint) to app_analyst;
