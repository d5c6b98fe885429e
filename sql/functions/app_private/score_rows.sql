-- requires: sql/functions/app_private/rule_weight.sql

create function app_private.score_rows(rules app_public.validation_rules[])
returns void
language plpgsql
volatile
set client_min_messages = warning
set search_path = pg_catalog, pg_temp
as $$
begin
  drop table if exists pg_temp.row_scores;
  create temp table row_scores on commit drop as
  select f.row_id, array_agg(w.id order by w.id) as rule_ids, sum(w.weight) as weight,
    bool_or(w.severity >= 'error') as is_kept_out
  from pg_temp.rule_failures as f
  join (select r.id, r.severity, app_private.rule_weight(r) as weight from unnest(rules) as r) as w on w.id = f.rule_id
  group by f.row_id;
  analyze pg_temp.row_scores;
end
$$;

comment on function app_private.score_rows(app_public.validation_rules[]) is $$
Sums pg_temp.rule_failures up row by row in pg_temp.row_scores: the rules failed, their weight, and whether one of them
keeps the row out of live.
$$;
