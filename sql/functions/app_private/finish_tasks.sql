-- requires: sql/functions/app_private/advance_run.sql
-- requires: sql/functions/app_private/end_failed_attempts.sql
-- requires: sql/functions/app_private/queue_tasks.sql
-- Many attempts at once, so that what each costs is a row of an update: the run is locked and its stage counted once
-- for all of them.

create function app_private.finish_tasks(
  task_ids bigint[],
  tokens bigint[],
  outcomes app_base.attempt_outcome[],
  item_counts integer[],
  failed_item_counts integer[],
  results jsonb[],
  errors text[],
  milliseconds bigint[]
)
returns setof bigint
language plpgsql
volatile
set enable_hashjoin = off
set enable_mergejoin = off
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  forgotten bigint[];
  ended_count integer := 0;
  settled record;
begin
  perform from app_public.pipeline_runs as r
  where r.id in (select t.run_id from app_public.pipeline_tasks as t where t.id = any (task_ids))
  order by r.id
  for no key update;

  if exists (select from unnest(outcomes) as o (outcome) where o.outcome <> 'succeeded') then
    perform app_private.end_failed_attempts(task_ids, tokens, outcomes, errors, milliseconds);
  end if;

  for settled in
    with
      ended as (
        update app_public.pipeline_tasks as t
        set
          status = 'succeeded', result = g.result, item_count = g.item_count,
          failed_item_count = g.failed_item_count, error = null, finished_at = clock_timestamp(),
          started_at = coalesce(clock_timestamp() - g.duration * interval '1 millisecond', t.started_at)
        from unnest(task_ids, tokens, outcomes, item_counts, failed_item_counts, results, milliseconds)
          as g (id, token, outcome, item_count, failed_item_count, result, duration)
        where t.id = g.id and t.token = g.token and t.status = 'running' and g.outcome = 'succeeded'
        returning t.run_id, t.stage_no, t.item_count, t.failed_item_count
      ),
      counted as (
        select e.run_id, e.stage_no, count(*)::integer as ended_count, coalesce(sum(e.item_count), 0) as item_count,
          coalesce(sum(e.failed_item_count), 0) as failed_item_count
        from ended as e
        group by e.run_id, e.stage_no
      )
    update app_public.pipeline_run_stages as s
    set
      open_count = s.open_count - c.ended_count, item_count = s.item_count + c.item_count,
      failed_item_count = s.failed_item_count + c.failed_item_count
    from counted as c
    where s.run_id = c.run_id and s.stage_no = c.stage_no
    returning s.run_id, s.stage_no, s.open_count, c.ended_count
  loop
    ended_count := ended_count + settled.ended_count;
    if settled.open_count = 0 then
      perform app_private.close_stage(settled.run_id, settled.stage_no);
    end if;
  end loop;

  if ended_count = cardinality(task_ids) then
    return;
  end if;
  -- Begun, and forgotten in a crash of PostgreSQL: nobody else will do it.
  select array_agg(t.id) into forgotten
  from unnest(task_ids, tokens) as g (id, token)
  join app_public.pipeline_tasks as t on t.id = g.id
  where t.status = 'waiting' and coalesce(t.token, 0) < g.token;
  if forgotten is not null then
    perform app_private.queue_tasks(forgotten);
  end if;
  return query
  select g.id
  from unnest(task_ids, tokens) as g (id, token)
  left join app_public.pipeline_tasks as t on t.id = g.id
  where t.token is distinct from g.token;
end
$$;

comment on function app_private.finish_tasks(
  bigint[], bigint[], app_base.attempt_outcome[], integer[], integer[], jsonb[], text[], bigint[]) is $$
Ends attempts, given side by side: their outcome, counts, result, error and how long they took. Gives the tasks whose
token is not the one of their last attempt: nothing was changed for them.

A stage whose last task ends is closed and what depends on it opens, in the same transaction.
$$;
