create function app_private.settle_undone_session(undone app_public.scrape_sessions, undoing uuid)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  next_id uuid := undone.id;
  next_status app_base.session_status := 'undone';
  reopened jsonb;
begin
  -- Undoing an undo completes what that had undone, and so on down the line.
  while next_id is not null loop
    update app_public.scrape_sessions as s
    set status = next_status, decided_at = clock_timestamp()
    where s.id = next_id
    returning s.undoes_session_id into next_id;
    next_status := case next_status when 'undone' then 'completed' else 'undone' end;
  end loop;

  -- What the session put into quarantine leaves it, and what it released returns; the other way round for an undo.
  update app_public.quarantined_rows as q
  set released_at = undone.applied_at, released_by_session_id = r.session_id
  from jsonb_to_recordset(undone.parameters -> 'reopened_rows') as r (id bigint, session_id uuid)
  where q.id = r.id and q.released_at is null;
  with back as (
    update app_public.quarantined_rows as q
    set released_at = null, released_by_session_id = null
    from (select o.id, o.released_by_session_id from app_public.quarantined_rows as o) as o
    where o.id = q.id and q.released_by_session_id = undone.id
    returning q.id, o.released_by_session_id
  )
  select jsonb_agg(jsonb_build_object('id', b.id, 'session_id', b.released_by_session_id) order by b.id) into reopened
  from back as b;
  update app_public.quarantined_rows as q
  set released_at = clock_timestamp(), released_by_session_id = undoing
  where q.session_id = undone.id and q.released_at is null;
  if reopened is not null then
    update app_public.scrape_sessions as s
    set parameters = s.parameters || jsonb_build_object('reopened_rows', reopened)
    where s.id = undoing;
  end if;

  -- Homes carry the verdicts they had: of the rules their source was judged by then, if they all agree.
  update app_public.sources as s
  set
    reliability = app_private.measured_reliability(s.id),
    judged_by = (
      select case when count(distinct m.prepared_rules) = 1 then min(m.prepared_rules) end
      from (
        select m.prepared_rules
        from app_public.scrape_sessions as r
        join app_public.sync_metadata as m on m.session_id = r.id
        where r.source_id = s.id and r.kind = 'report' and r.status = 'completed'
          and r.applied_at >= coalesce((
            select max(p.applied_at) from app_public.scrape_sessions as p
            where p.source_id = s.id and p.kind = 'report' and p.status = 'completed'
              and p.applied_at <= undone.applied_at
          ), '-infinity')
      ) as m
    )
  where s.id = undone.source_id;
end
$$;

comment on function app_private.settle_undone_session(app_public.scrape_sessions, uuid) is $$
Marks a session as undone, and settles what else it had done: rows it put into quarantine or released, the rules its
source was judged by, how reliable the source is taken to be. Where sessions since went by other rules, the live homes
are judged anew by the next sync.
$$;
