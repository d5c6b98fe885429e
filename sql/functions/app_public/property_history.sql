create function app_public.property_history(property_id bigint)
returns setof app_public.history_entry
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
    select
      b.first_position + c.ordinal - 1, c.changed_at, c.kind, c.field_name, c.old_value, c.new_value, c.confidence,
      o.code, c.session_id, s.kind, s.name, coalesce(s.status = 'undone', false), c.changed_by
    from app_public.property_changes as c
    join app_public.change_batches as b on b.id = c.batch_id
    join app_public.sources as o on o.id = c.source_id
    left join app_public.scrape_sessions as s on s.id = c.session_id
    where c.property_id = property_history.property_id
    order by b.chain_no, c.ordinal;
  if not found and not exists (
    select from app_public.properties_live as l where l.id = property_history.property_id
  ) then
    raise exception 'home % does not exist and never did', property_history.property_id
      using errcode = 'PC404', hint = 'Ids stand in properties_live and in property_changes.';
  end if;
end
$$;

comment on function app_public.property_history(bigint) is $$
All that ever changed in a home, the oldest first: which field, from what to what, by whom, how likely it seemed, and
whether it was undone. Undoing adds to the history and takes nothing from it.

    select changed_at, field_name, old_value, new_value from property_history(4711) where field_name = 'price_eur';

PC404: there never was such a home.
$$;

grant execute on function app_public.property_history(bigint) to app_analyst;
