-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.replay_quarantine(source text default null, rule text default null)
returns setof app_public.sync_report
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  wanted_rule integer;
  waiting record;
  session app_public.scrape_sessions;
  report app_public.sync_report;
begin
  if replay_quarantine.source is not null
    and not exists (select from app_public.sources as s where s.code = replay_quarantine.source) then
    raise exception 'source % does not exist', replay_quarantine.source
      using errcode = 'PC404', hint = 'List the sources with: parcelle sources list';
  end if;
  if replay_quarantine.rule is not null then
    select r.id into wanted_rule from app_public.validation_rules as r where r.rule_name = replay_quarantine.rule;
    if not found then
      raise exception 'rule % does not exist', replay_quarantine.rule
        using errcode = 'PC404', hint = 'List the rules with: parcelle rules list';
    end if;
  end if;
  for waiting in
    select s.code, array_agg(q.id order by q.id) as ids
    from app_public.quarantined_rows as q
    join app_public.sources as s on s.id = q.source_id
    where q.released_at is null and s.code = coalesce(replay_quarantine.source, s.code)
      and (wanted_rule is null or wanted_rule = any (q.rule_ids))
    group by s.code
    order by s.code
  loop
    session := app_public.begin_session(
      waiting.code, name => 'replay of quarantine', expected_rows => cardinality(waiting.ids),
      parameters => jsonb_build_object('replays', cardinality(waiting.ids), 'rule', replay_quarantine.rule)
    );
    -- Without its member the key is derived anew: the source may say by now what makes one.
    perform app_public.stage_properties(session.id, (
      select jsonb_agg(
        case when jsonb_typeof(q.staged_row -> 'payload') = 'object' then q.staged_row -> 'payload' else '{}' end
          || (q.staged_row - 'payload' - case when q.source_key is null then 'source_key' else '' end)
        order by q.id
      )
      from app_public.quarantined_rows as q
      where q.id = any (waiting.ids)
    ));
    perform app_public.finish_session(session.id, is_complete => false);
    report := app_public.sync_session(session.id);
    if report.status = 'completed' then
      update app_public.quarantined_rows as q
      set released_at = clock_timestamp(), released_by_session_id = session.id
      where q.id = any (waiting.ids) and q.released_at is null;
    end if;
    return next report;
  end loop;
end
$$;

comment on function app_public.replay_quarantine(text, text) is $$
Judges rows again that wait in quarantine, after a rule was mended, without asking the source again.

They are staged as they came, as one session for each source that sees nothing as gone, and synced: what passes now goes
live, what fails still waits. `source` and `rule` (a rule they failed) narrow it down. One report for each source, as
sync_session gives it; none where nothing waits.

    select source, new_count, quarantined_count from replay_quarantine(rule => 'listed_by_now');  -- portal, 31, 2

PC404: there is no such source or rule. PC409: the source is paused.
$$;

grant execute on function app_public.replay_quarantine(text, text) to app_analyst;
