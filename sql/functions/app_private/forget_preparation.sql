create function app_private.forget_preparation(session app_public.scrape_sessions)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  execute 'delete from app_public.staged_properties as s where ' || app_private.session_rows_filter(session);
  delete from app_private.property_sighting_blocks as b where b.session_no = session.session_no;
  delete from app_public.validation_failures as f where f.session_id = session.id;
  delete from app_public.validation_results as r where r.session_id = session.id;
  delete from app_public.detected_changes as d where d.session_id = session.id;
  delete from app_public.sync_metadata as m where m.session_id = session.id;
end
$$;

comment on function app_private.forget_preparation(app_public.scrape_sessions) is $$
Takes back what prepare_session wrote for a session that was not applied.
$$;
