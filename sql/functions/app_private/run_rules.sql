-- requires: sql/functions/app_private/compile_scan.sql
-- requires: sql/functions/app_private/compile_rows_rule.sql
-- requires: sql/functions/app_private/rule_sort.sql
-- requires: sql/functions/app_private/rule_cost_limit.sql
-- One scan for all. Only when it fails are the rules halved, again and again, until the broken one stands alone.

create function app_private.run_rules(
  rules app_public.validation_rules[], base text, session app_public.scrape_sessions
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  half integer := cardinality(rules) / 2;
  has_texts boolean;
  statement text;
  cost numeric;
begin
  if cardinality(rules) = 0 then
    return;
  end if;
  select bool_or(r.rule_type in ('expression', 'query') or r.scope_where is not null) into has_texts from unnest(rules) as r;
  begin
    if has_texts then
      perform app_private.hold_rule_deadline(5 + ceil(2 * app_private.rule_seconds())::integer);
    end if;
    if app_private.rule_sort(rules[1]) = 'rows' then
      statement := app_private.compile_rows_rule(rules[1], session);
      cost := case when rules[1].rule_type = 'query' then app_rules.plan(statement) end;
      if cost > app_private.rule_cost_limit() then
        raise exception 'it would cost too much: % where % is the most', round(cost), app_private.rule_cost_limit()
          using errcode = 'PC422';
      end if;
    else
      statement := app_private.compile_scan(
        rules, base,
        case when has_texts then clock_timestamp() + make_interval(secs => app_private.rule_seconds()) end,
        -- A session with a partition of its own, or live homes, which belong to no session here.
        coalesce(session.staging_bucket < 0, true)
      );
    end if;
    execute 'insert into pg_temp.rule_failures (row_id, rule_id)
      select j.row_id, i.id from app_rules.judge($1) as j cross join lateral unnest(j.rule_ids) as i (id)'
    using statement;
    perform app_private.hold_rule_deadline(0);
  exception when others then
    -- What the failed attempt had set, its deadline too, is gone with it. Deadlocks and a lack of memory or disk are no
    -- rule's fault.
    if sqlstate ~ '^(40|53|58)' then
      raise;
    end if;
    if cardinality(rules) = 1 then
      insert into pg_temp.broken_rules (rule_id, message) values (rules[1].id, sqlerrm);
    else
      perform app_private.run_rules(rules[:half], base, session);
      perform app_private.run_rules(rules[half + 1:], base, session);
    end if;
  end;
end
$$;

comment on function app_private.run_rules(app_public.validation_rules[], text, app_public.scrape_sessions) is $$
Judges the rows of `base` by rules that judge row by row, or by one rule that judges rows against each other: what fails
goes to pg_temp.rule_failures (row_id, rule_id), a rule that cannot run to pg_temp.broken_rules (rule_id, message).
$$;
