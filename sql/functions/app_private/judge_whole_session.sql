-- requires: sql/functions/app_private/session_verdict.sql

create function app_private.judge_whole_session(
  rule app_public.validation_rules, session app_public.scrape_sessions
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  verdict record;
begin
  verdict := app_private.session_verdict(rule, session);
  insert into pg_temp.session_verdicts (rule_id, is_applicable, is_failed, details)
  values (rule.id, verdict.is_applicable, coalesce(verdict.is_failed, false), verdict.details);
exception when others then
  insert into pg_temp.broken_rules (rule_id, message) values (rule.id, sqlerrm);
end
$$;

comment on function app_private.judge_whole_session(app_public.validation_rules, app_public.scrape_sessions) is $$
Judges a session as a whole by one rule, into pg_temp.session_verdicts; into pg_temp.broken_rules where that cannot be run.
$$;
