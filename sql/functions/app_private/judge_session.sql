-- requires: sql/functions/app_private/past_share.sql
-- requires: sql/functions/app_private/held_reason.sql
-- requires: sql/functions/app_private/scope_condition.sql

create function app_private.judge_session(session app_public.scrape_sessions, prepared app_public.sync_metadata)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  source app_public.sources;
  filter text := app_private.session_rows_filter(session);
  live_count integer := 0;
  absent_count integer;
  new_count integer;
  changed_count integer;
  quarantined_count integer;
  todo_count integer;
  keyed_count integer := prepared.staged_count - prepared.unkeyed_count;
  share_limit numeric;
  reasons jsonb := '[]';
begin
  select s.* into source from app_public.sources as s where s.id = session.source_id;
  execute format(
    'select count(*), count(*) filter (where s.property_id is null and not s.is_quarantined),
       count(*) filter (where s.property_id is not null and not s.is_quarantined),
       count(*) filter (where s.is_quarantined)
     from app_public.staged_properties as s where %s', filter)
  into todo_count, new_count, changed_count, quarantined_count;
  select count(*) into absent_count from pg_temp.session_absent as a where a.missed_count = 1;
  -- Counting a million homes takes longer than the sync of a small session: only where something depends on it.
  if session.is_complete or new_count > prepared.seen_count + 3 then
    execute format('select count(*) from app_public.properties_live as l where %s',
      app_private.scope_condition(session)) into live_count;
  end if;

  if session.is_complete and prepared.staged_count = 0 and live_count > 0 then
    reasons := reasons || app_private.held_reason('empty',
      format('nothing came where %s homes stand', live_count), 0, live_count, null, null);
  end if;
  if greatest(prepared.staged_count, live_count) >= source.judged_from then
    if prepared.unkeyed_count > prepared.staged_count * 0.5 then
      reasons := reasons || app_private.held_reason('no_keys',
        format('%s of %s rows say not which home they mean: has the layout changed?',
          prepared.unkeyed_count, prepared.staged_count),
        prepared.unkeyed_count, prepared.staged_count, 0.5, null);
    end if;

    share_limit := app_private.past_share(session, 'removed', source.removed_share_max);
    if absent_count > live_count * share_limit + 3 then
      reasons := reasons || app_private.held_reason('many_gone',
        format('%s of %s homes are missing: truncated, blocked, or all ids replaced?', absent_count, live_count),
        absent_count, live_count, share_limit,
        (select jsonb_agg(a.source_key) from (
          select a.source_key from pg_temp.session_absent as a where a.missed_count = 1 order by a.source_key limit 10
        ) as a));
    end if;

    share_limit := app_private.past_share(session, 'changed', source.changed_share_max);
    if changed_count > prepared.seen_count * share_limit + 3 then
      -- Written otherwise is not yet changed: only now is it worth comparing.
      execute format(
        'select count(*) from app_public.staged_properties as s
         join app_public.properties_live as l on l.id = s.property_id
         where not s.is_quarantined and %s and exists (
           select from app_private.home_differences(l, app_private.promoted_home(s, l)) as d
           left join app_public.rule_fields as f on f.column_name = d.field_name
           where app_private.is_significant(f.significance, f.significance_threshold, d.magnitude)
         )', filter)
      into changed_count;
      if changed_count > prepared.seen_count * share_limit + 3 then
        reasons := reasons || app_private.held_reason('many_changed',
          format('%s of %s homes seen differ from what they were: has the layout changed?',
            changed_count, prepared.seen_count),
          changed_count, prepared.seen_count, share_limit, null);
      end if;
    end if;

    if live_count >= source.judged_from
      and new_count > greatest(live_count * app_private.past_share(session, 'new', 0.5), prepared.seen_count) + 3 then
      reasons := reasons || app_private.held_reason('many_new',
        format('%s homes are new beside %s known ones, of which %s were seen: all ids replaced?',
          new_count, live_count, prepared.seen_count),
        new_count, live_count, app_private.past_share(session, 'new', 0.5), null);
    end if;

    if keyed_count > 0 and quarantined_count > source.judged_from
      and quarantined_count > (prepared.unchanged_count + todo_count)
        * app_private.past_share(session, 'quarantined', source.removed_share_max) then
      reasons := reasons || app_private.held_reason('many_quarantined',
        format('%s of %s rows break a rule of severity error: has the layout changed?',
          quarantined_count, prepared.unchanged_count + todo_count),
        quarantined_count, prepared.unchanged_count + todo_count,
        app_private.past_share(session, 'quarantined', source.removed_share_max), null);
    end if;
  end if;

  return reasons || coalesce((
    select jsonb_agg(app_private.held_reason('blocker',
      format('rule %s, a blocker, is broken by %s of %s', v.rule_name, r.failed_count, r.checked_count),
      r.failed_count, r.checked_count, null, null) order by v.rule_name)
    from app_public.validation_results as r
    join app_public.validation_rules as v on v.id = r.rule_id
    where r.session_id = session.id and r.severity = 'blocker' and r.outcome = 'failed'
  ), '[]');
end
$$;

comment on function app_private.judge_session(app_public.scrape_sessions, app_public.sync_metadata) is $$
Why a prepared session should not be applied unseen: a list of reasons, empty when it may.

Judged are an empty or truncated session, too many homes gone, changed or new for what the source's last sessions make
plausible (past_share), rows without keys, rows in quarantine, and broken blockers. Needs pg_temp.session_absent.
$$;
