-- requires: sql/functions/app_private/compile_completeness.sql
-- requires: sql/functions/app_private/score_rows.sql
-- requires: sql/functions/app_private/rule_totals.sql
-- requires: sql/functions/app_private/session_rows_filter.sql
-- Where rows come with their completeness only failing ones are written again: rewriting a million rows costs more than
-- judging them.

create function app_private.record_scores(
  session app_public.scrape_sessions, rules app_public.validation_rules[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  filter text := app_private.session_rows_filter(session);
  completeness text := replace(app_private.compile_completeness(), 'r.', 's.');
begin
  perform app_private.score_rows(rules);
  execute format(
    'update app_public.staged_properties as s
     set quality_score = greatest(0, 1 - coalesce(f.weight / t.weight, 0))::real, failed_rule_ids = f.rule_ids,
       is_quarantined = f.is_kept_out, completeness = coalesce(s.completeness, %s)
     from pg_temp.row_scores as f, app_private.rule_totals($1) as t
     where s.staged_id = f.row_id and t.property_type = s.property_type and %s', completeness, filter
  ) using rules;
  execute format(
    'update app_public.staged_properties as s
     set quality_score = coalesce(s.quality_score, 1), completeness = coalesce(s.completeness, %s)
     where %s and (s.quality_score is null or s.completeness is null)', completeness, filter
  );
end
$$;

comment on function app_private.record_scores(app_public.scrape_sessions, app_public.validation_rules[]) is $$
Writes into a session's staged_properties what pg_temp.rule_failures comes to: quality, completeness, the rules failed,
and whether the row is kept out of live.

Quality is 1 − the weight of the rules failed / the weight of all rules for the row's source and type that judge rows,
where a warning weighs half of its weight and an info nothing.
$$;
