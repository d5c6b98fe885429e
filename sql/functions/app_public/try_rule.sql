-- requires: sql/functions/app_private/read_rule_draft.sql
-- requires: sql/functions/app_private/try_on_rows.sql
-- Security definer: operating is granted by execute alone. The draft becomes a rule inside a subtransaction, so that it is
-- checked and compiled as any other, and is rolled back with everything it wrote.

create function app_public.try_rule(rule jsonb, sessions integer default 5)
returns setof app_public.rule_trial
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  draft app_public.validation_rules := app_private.read_rule_draft(try_rule.rule);
  session app_public.scrape_sessions;
  source app_public.sources;
  found jsonb := '[]';
begin
  begin
    insert into app_public.validation_rules (
      rule_name, field_name, rule_type, rule_config, severity, weight, source_id, property_type, scope_where, warn_below,
      fail_below
    )
    values (
      'draft ' || gen_random_uuid(), draft.field_name, draft.rule_type, draft.rule_config, draft.severity, draft.weight,
      draft.source_id, draft.property_type, draft.scope_where, draft.warn_below, draft.fail_below
    )
    returning * into draft;
    for session in
      select s.*
      from app_public.scrape_sessions as s
      where (draft.source_id is null or s.source_id = draft.source_id) and s.kind = 'report'
        and exists (
          select from app_public.property_scrapes_staging as r
          where r.session_id = s.id and r.bucket = coalesce(s.staging_bucket, r.bucket)
        )
      order by s.session_no desc
      limit greatest(0, try_rule.sessions)
    loop
      found := found || (app_private.try_on_rows(draft, session, app_private.scan_base(session))
        || jsonb_build_object('session_id', session.id, 'source_id', session.source_id));
    end loop;
    if app_private.rule_sort(draft) = 'row' and draft.rule_type not in ('data_type', 'rate_of_change') then
      session := null;
      for source in
        select s.* from app_public.sources as s
        where (draft.source_id is null or s.id = draft.source_id)
          and exists (select from app_public.properties_live as l where l.source_id = s.id)
        order by s.id
      loop
        session.source_id := source.id;
        found := found || (app_private.try_on_rows(draft, session, app_private.live_base(source.id))
          || jsonb_build_object('source_id', source.id));
      end loop;
    end if;
    raise exception 'the trial is over' using errcode = 'PCEND';
  exception when sqlstate 'PCEND' then
    null;
  end;
  return query
  select t.session_id, c.code, s.name, s.applied_at, t.outcome, coalesce(t.checked_count, 0), coalesce(t.failed_count, 0),
    coalesce(t.details, '{}'), coalesce(t.samples, '[]')
  from jsonb_array_elements(found) with ordinality as e (trial, ordinal)
  cross join lateral jsonb_to_record(e.trial) as t (
    session_id uuid, source_id smallint, outcome app_base.rule_outcome, checked_count bigint, failed_count bigint,
    details jsonb, samples jsonb
  )
  join app_public.sources as c on c.id = t.source_id
  left join app_public.scrape_sessions as s on s.id = t.session_id
  order by e.ordinal;
end
$$;

comment on function app_public.try_rule(jsonb, integer) is $$
What a rule would have said of past sessions whose rows are still kept, and of the live homes: nothing is written.

`rule` is an object with the columns of validation_rules, `source` by its code; `{"rule_name": …}` names one that exists,
with whatever else is given in place of what it says. One row for each of the last `sessions` sessions, latest first,
then one for the live homes of each source (session_id null): how many it judged, how many would have failed, and ten of
those with their values. Rules about what came in (data_type, rate_of_change, rows against each other, the session)
cannot be asked of live homes.

    select source, failed_count, samples
    from try_rule('{"field_name": "price", "rule_type": "range", "rule_config": {"min": 50000}}');

PC400: the rule cannot be read. PC404: the rule or source it names does not exist. PC422: it does what a rule may not.
$$;

grant execute on function app_public.try_rule(jsonb, integer) to app_analyst;
