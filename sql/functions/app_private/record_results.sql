-- requires: sql/functions/app_private/count_judged.sql
-- requires: sql/functions/app_private/rule_outcome.sql

create function app_private.record_results(
  session app_public.scrape_sessions, rules app_public.validation_rules[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into app_public.validation_results (
    session_id, rule_id, rule_version, severity, outcome, checked_count, failed_count, pass_ratio, details
  )
  select session.id, r.id, r.version, r.severity,
    case when b.rule_id is not null then 'broken'
      else app_private.rule_outcome(r, n.checked_count, n.failed_count) end,
    n.checked_count, n.failed_count, p.pass_ratio,
    case when b.rule_id is not null then jsonb_build_object('message', b.message) else coalesce(v.details, '{}') end
  from unnest(rules) as r
  left join pg_temp.broken_rules as b on b.rule_id = r.id
  left join pg_temp.session_verdicts as v on v.rule_id = r.id
  left join app_private.count_judged(session, rules) as c on c.rule_id = r.id
  cross join lateral (
    select
      case when b.rule_id is not null then 0 when v.rule_id is not null then v.is_applicable::integer else c.checked_count end
        as checked_count,
      case when b.rule_id is not null then 0 when v.rule_id is not null then v.is_failed::integer else c.failed_count end
        as failed_count
  ) as n
  cross join lateral (
    select round(1 - n.failed_count::numeric / nullif(n.checked_count, 0), 6) as pass_ratio
  ) as p;
end
$$;

comment on function app_private.record_results(app_public.scrape_sessions, app_public.validation_rules[]) is $$
Writes to validation_results what each rule came to (rule_outcome).
$$;
