-- Security definer: operating is granted by execute alone, to roles that may operate.
-- requires: sql/functions/app_private/find_undo_homes.sql
-- requires: sql/functions/app_private/restore_homes.sql

create function app_public.undo_session(session_id uuid, force boolean default false)
returns app_public.undo_report
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  undone app_public.scrape_sessions;
  undoing uuid := gen_random_uuid();
  instant timestamptz;
  homes record;
  answer app_public.undo_report;
begin
  select s.* into undone from app_public.scrape_sessions as s where s.id = undo_session.session_id;
  if not found then
    raise exception 'session % does not exist', undo_session.session_id
      using errcode = 'PC404', hint = 'List the sessions with: parcelle list-sessions';
  end if;
  -- The lock that syncs of the source take.
  perform pg_advisory_xact_lock(hashtext('parcelle.sync'), undone.source_id);
  select s.* into undone from app_public.scrape_sessions as s where s.id = undone.id for update;
  if undone.status <> 'completed' then
    raise exception 'session % is %, so there is nothing to undo', undone.id, undone.status
      using errcode = 'PC409', hint = case undone.status
        when 'undone' then 'To bring it back, undo the session that undid it; parcelle list-sessions shows it.'
        else 'Only a completed session has changed live homes.' end;
  end if;

  perform app_private.find_undo_homes(undone.id);
  if not coalesce(force, false) then
    perform app_private.refuse_undo_conflicts(undone);
  end if;
  instant := clock_timestamp();
  insert into app_public.scrape_sessions (
    id, source_id, kind, name, target, parameters, status, undoes_session_id, started_at, finished_at, applied_at
  )
  values (
    undoing, undone.source_id, 'undo', 'undo of ' || coalesce(undone.name, undone.id::text), undone.target,
    jsonb_build_object('force', coalesce(force, false)), 'completed', undone.id, instant, instant, instant
  );
  perform set_config('parcelle.session_id', undoing::text, true);
  perform set_config('parcelle.changed_at', instant::text, true);
  answer := (
    select row(
      undone.id, undoing, 0, 0, 0, count(*) filter (where u.is_conflict),
      coalesce(sum(app_private.kept_field_count(u.before, u.after, l)) filter (where u.is_conflict), 0)
    )::app_public.undo_report
    from pg_temp.undo_homes as u
    left join app_public.properties_live as l on l.id = u.property_id
  );
  homes := app_private.restore_homes();
  answer.restored_count := homes.restored_count;
  answer.deleted_count := homes.deleted_count;
  answer.reinserted_count := homes.reinserted_count;

  perform app_private.settle_undone_session(undone, undoing);
  perform app_private.recompute_listing_stats(array_agg(g.insee_code), array_agg(g.property_type))
  from (
    select (u.before).insee_code, (u.before).property_type from pg_temp.undo_homes as u
    union
    select (u.after).insee_code, (u.after).property_type from pg_temp.undo_homes as u
    union
    select l.insee_code, l.property_type
    from pg_temp.undo_homes as u
    join app_public.properties_live as l on l.id = u.property_id
    where u.is_conflict
  ) as g
  where g.insee_code is not null;
  perform app_private.record_admin_action('undo_session', undone.id::text, to_jsonb(answer));
  perform set_config('parcelle.session_id', '', true);
  perform set_config('parcelle.changed_at', '', true);
  return answer;
end
$$;

comment on function app_public.undo_session(uuid, boolean) is $$
Takes a completed session back: every home it touched stands again as before it, in every column.

It is done by a session of kind `undo`, whose changes are recorded as any others; history is added to, never erased. The
session becomes `undone`, so that what it saw no longer counts, and the statistics of its homes are computed anew. To
bring it back, undo the undoing session. Where something changed one of its homes since, nothing is done, unless `force`:
then fields that still are as the session left them are restored, and the others kept.

    select restored_count, deleted_count from undo_session('8a1f…');  -- 31, 12

PC404: there is no such session. PC409: it is not completed; homes were changed since (the detail names them and who did
it); or its history has been let go.
$$;

grant execute on function app_public.undo_session(uuid, boolean) to app_analyst;
