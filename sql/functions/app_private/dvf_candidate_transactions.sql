create function app_private.dvf_candidate_transactions(release integer)
returns table (shard smallint, candidate_no integer, sale jsonb)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select c.shard, c.candidate_no,
    to_jsonb(c) || jsonb_build_object(
      'price_eur', c.price_cents * 0.01,
      'price_per_m2', c.price_per_m2_cents * 0.01,
      'parent_insee_code', i.parent_insee_code,
      'line_release_id', c.release_id,
      'added_release_id', c.release_id,
      'changed_release_id', c.release_id)
  from pg_temp.dvf_new as c
  join app_public.cities as i on i.insee_code = c.insee_code
  where c.release_id = release;
end
$$;

comment on function app_private.dvf_candidate_transactions(integer) is $$
The new candidates of a release (pg_temp.dvf_new) with the ledger's column names, as jsonb; ids are the caller's.
$$;
