-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.stage_properties(session_id uuid, rows jsonb)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filled app_public.scrape_sessions := app_private.fillable_session(stage_properties.session_id);
  staged integer;
  strange integer;
begin
  if jsonb_typeof(stage_properties.rows) is distinct from 'array' then
    raise exception 'expected a list of rows, got %', coalesce(jsonb_typeof(stage_properties.rows), 'null')
      using errcode = 'PC400', hint = 'Give a JSON array of objects keyed by columns of property_scrapes_staging.';
  end if;
  staged := app_private.insert_staged_rows(filled, stage_properties.rows);
  select count(*) into strange
  from jsonb_array_elements(stage_properties.rows) as e (element)
  where jsonb_typeof(e.element) <> 'object';
  update app_public.scrape_sessions as s
  set
    item_count = s.item_count + staged,
    heartbeat_at = clock_timestamp(),
    errors = case when strange = 0 then s.errors
      else s.errors || jsonb_build_object('reason', 'not_an_object', 'count', strange) end
  where s.id = filled.id;
  return staged;
end
$$;

comment on function app_public.stage_properties(uuid, jsonb) is $$
Stages a batch of rows into a session that is being filled; how many there are.

`rows` is a list of objects keyed by the columns of property_scrapes_staging (source_key, property_url, status, title,
address, postal_code, city, insee_code, property_type, price, surface, rooms …); values are kept as they are written,
keys that are no column go to the payload, nothing is refused. What is no object is staged without a key and noted
among the session's errors. The key is source_key; in rows that have no such member the address of the page; in rows
without either the digest of the columns that the source's config lists as `key_columns`.

    select stage_properties('8a1f…', '[{"source_key": "12", "price": "252 000 €", "surface": 85}]');  -- 1

PC404: no such session. PC409: it is not being filled. PC400: no list.
$$;

grant execute on function app_public.stage_properties(uuid, jsonb) to app_analyst;
