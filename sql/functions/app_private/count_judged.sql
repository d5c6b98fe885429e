-- requires: sql/functions/app_private/compile_rule_scope.sql
-- requires: sql/functions/app_private/scan_base.sql

create function app_private.count_judged(
  session app_public.scrape_sessions, rules app_public.validation_rules[]
)
returns table (rule_id integer, checked_count integer, failed_count integer)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  scopes text[];
  counts integer[];
  staged integer;
begin
  begin
    select array_agg(distinct coalesce(app_private.compile_rule_scope(r), 'true')) into scopes
    from unnest(rules) as r
    where app_private.rule_sort(r) in ('row', 'rows')
      and not exists (select from pg_temp.broken_rules as b where b.rule_id = r.id);
    -- The scopes of rules are texts of rules: counted as app_rule, like everything else.
    perform app_private.hold_rule_deadline(5 + ceil(2 * app_private.rule_seconds())::integer);
    select j.rule_ids into counts
    from app_rules.judge(format('select 0::bigint, array[%s]::integer[] from (%s) as r',
      (select string_agg(format('count(*) filter (where %s)', s.scope), ', ' order by s.ordinal)
       from unnest(scopes) with ordinality as s (scope, ordinal)),
      app_private.scan_base(session))) as j;
    perform app_private.hold_rule_deadline(0);
  exception when others then
    -- Each scope by itself is tried where its rule is judged; here only the counts are missing.
    scopes := null;
  end;
  if scopes is null then
    execute format('select count(*) from app_public.staged_properties as s where %s',
      app_private.session_rows_filter(session)) into staged;
  end if;
  return query
  select r.id,
    case app_private.rule_sort(r)
      when 'keys' then coalesce(session.staged_count, 0)
      else coalesce(counts[array_position(scopes, coalesce(app_private.compile_rule_scope(r), 'true'))], staged, 0)
    end,
    coalesce(f.failed_count, 0)::integer
  from unnest(rules) as r
  left join (
    select u.rule_id, count(*) as failed_count
    from (
      select f.row_id, f.rule_id from pg_temp.rule_failures as f
      union
      select k.row_id, k.rule_id from pg_temp.key_failures as k
    ) as u
    group by u.rule_id
  ) as f on f.rule_id = r.id
  where app_private.rule_sort(r) <> 'session' and not exists (
    select from pg_temp.broken_rules as b where b.rule_id = r.id
  );
end
$$;

comment on function app_private.count_judged(app_public.scrape_sessions, app_public.validation_rules[]) is $$
For each rule that judges rows: how many rows of the session are in its scope, and how many failed.
$$;
