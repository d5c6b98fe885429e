create function app_private.open_judgement()
returns void
language plpgsql
volatile
set client_min_messages = warning
set search_path = pg_catalog, pg_temp
as $$
begin
  drop table if exists pg_temp.rule_failures, pg_temp.key_failures, pg_temp.broken_rules, pg_temp.session_verdicts;
  create temp table rule_failures (row_id bigint not null, rule_id integer not null) on commit drop;
  create temp table key_failures (
    row_id bigint not null, rule_id integer not null, source_key text collate "C", failed_value text
  ) on commit drop;
  create temp table broken_rules (rule_id integer not null, message text not null) on commit drop;
  create temp table session_verdicts (
    rule_id integer not null, is_applicable boolean not null, is_failed boolean not null, details jsonb not null
  ) on commit drop;
end
$$;

comment on function app_private.open_judgement() is $$
Makes the temporary tables that a judgement fills, empty: rule_failures (a row failed a rule), key_failures (a staged row
without a key, or one that contradicts another), broken_rules, session_verdicts. Gone when the transaction ends.
$$;
