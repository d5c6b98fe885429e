-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.validate_staging_data(session_id uuid)
returns setof app_public.validation_results
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform app_private.prepare_session(app_private.syncable_session(session_id));
  return query
    select r.*
    from app_public.validation_results as r
    where r.session_id = validate_staging_data.session_id
    order by r.severity desc, r.failed_count desc, r.rule_id;
end
$$;

comment on function app_public.validate_staging_data(uuid) is $$
Normalises what a session staged and judges it by the active rules; live homes are not touched.

One row for each rule that had something to judge. The failing rows stand in validation_failures, scores and normal
forms in staged_properties.

    select rule_id, outcome, failed_count from validate_staging_data('8a1f…');

PC404, PC409: as sync_session.
$$;

grant execute on function app_public.validate_staging_data(uuid) to app_analyst;
