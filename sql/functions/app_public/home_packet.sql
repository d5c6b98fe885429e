create function app_public.home_packet(property_id bigint)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  home app_public.properties_live;
begin
  select l.* into home from app_public.properties_live as l where l.id = home_packet.property_id;
  if not found then
    raise exception 'home % does not exist', home_packet.property_id
      using errcode = 'PC404', hint = 'Ids stand in properties_live.';
  end if;
  return jsonb_build_object(
    'home', to_jsonb(home) - '{location,search,raw_fingerprint,contact_phone,contact_email,failed_rule_ids}'::text[],
    'source', (select jsonb_build_object('code', s.code, 'name', s.name) from app_public.sources as s where s.id = home.source_id),
    'city', (
      select jsonb_build_object('insee_code', c.insee_code, 'name', c.name, 'department_code', c.department_code,
        'population', c.population)
      from app_public.cities as c where c.insee_code = home.insee_code
    ),
    'history', (
      select coalesce(jsonb_agg(jsonb_build_object('changed_at', h.changed_at, 'kind', h.kind, 'field', h.field_name,
        'from', h.old_value, 'to', h.new_value) order by h.position), '[]')
      from app_public.property_history(home.id) as h
      where h.field_name is null or h.field_name not in ('contact_phone', 'contact_email')
    ),
    'asked_nearby', (
      select jsonb_build_object('listing_count', s.listing_count, 'price_per_m2_median', s.price_per_m2_median,
        'price_median_eur', s.price_median_eur)
      from app_public.listing_stats as s
      where s.insee_code = home.insee_code and s.property_type = home.property_type and s.listing_count >= 5
    ),
    'sold_nearby', (
      select coalesce(jsonb_agg(jsonb_build_object('year', extract(year from m.period_start), 'sale_count', m.sale_count,
        'price_per_m2_median', m.price_per_m2_median) order by m.period_start), '[]')
      from app_public.market_stats as m
      where m.area_level = 'commune' and m.area_code = home.insee_code and m.property_type = home.property_type
        and m.nature = 'sale' and m.period_kind = 'year' and m.sale_count >= 5
    ),
    'gathered_at', clock_timestamp()
  );
end
$$;

comment on function app_public.home_packet(bigint) is $$
What is known of a home, as one document: the home itself, its source and commune, its history, what is asked and what
was paid for its like in the commune (groups of five and more). No telephone number, no e-mail address.

    select home_packet(81) -> 'city' ->> 'name';

PC404: there is no such home.
$$;

grant execute on function app_public.home_packet(bigint) to app_analyst;
