-- requires: sql/functions/app_private/run_rules.sql
-- requires: sql/functions/app_private/score_rows.sql
-- requires: sql/functions/app_private/live_base.sql

create function app_private.rejudge_live(session uuid)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  this app_public.scrape_sessions;
  rules app_public.validation_rules[];
  written integer;
begin
  select s.* into this from app_public.scrape_sessions as s where s.id = rejudge_live.session;
  select coalesce(array_agg(r order by r.id), '{}') into rules from app_private.active_rules(this.source_id) as r;
  perform app_private.open_judgement();
  perform app_private.run_rules(
    array(
      select r from unnest(rules) as r
      where app_private.rule_sort(r) = 'row' and r.rule_type not in ('data_type', 'rate_of_change')
    ),
    app_private.live_base(this.source_id), null
  );
  -- What can only be told of a row as it comes in stays as it was told, while the rule is in force; so does what a
  -- broken rule said.
  insert into pg_temp.rule_failures (row_id, rule_id)
  select l.id, f.rule_id
  from app_public.properties_live as l
  cross join lateral unnest(l.failed_rule_ids) as f (rule_id)
  join unnest(rules) as r on r.id = f.rule_id
  where l.source_id = this.source_id and l.failed_rule_ids is not null and (
    app_private.rule_sort(r) <> 'row' or r.rule_type in ('data_type', 'rate_of_change')
    or exists (select from pg_temp.broken_rules as b where b.rule_id = r.id)
  );
  analyze pg_temp.rule_failures;
  perform app_private.score_rows(rules);
  execute format(
    'update app_public.properties_live as l
     set failed_rule_ids = v.rule_ids, quality_score = v.quality_score, completeness = v.completeness
     from (
       select r.id, f.rule_ids, greatest(0, 1 - coalesce(f.weight / t.weight, 0))::real as quality_score,
         %s::real as completeness
       from app_public.properties_live as r
       join app_private.rule_totals($1) as t on t.property_type = r.property_type
       left join pg_temp.row_scores as f on f.row_id = r.id
       where r.source_id = %s and r.status <> ''removed''
     ) as v
     where l.id = v.id and (
       l.failed_rule_ids is distinct from v.rule_ids or l.quality_score is distinct from v.quality_score
       or l.completeness is distinct from v.completeness
     )', app_private.compile_completeness(), this.source_id
  ) using rules;
  get diagnostics written = row_count;
  return written;
end
$$;

comment on function app_private.rejudge_live(uuid) is $$
Judges all live homes of a session's source again, since the rules have changed since they were judged. Only homes
whose verdict differs are written; how many those were.
$$;
