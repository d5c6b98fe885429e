-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.prune_pipeline_history(days integer default 90)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  old_runs integer[];
begin
  if days is null or days < 1 then
    raise exception 'expected a number of days from 1, got %', coalesce(days::text, 'null')
      using errcode = 'PC400', hint = 'Give how many days of history to keep.';
  end if;
  -- The last run of each pipeline stays, however old: it says when the pipeline did its work last.
  select coalesce(array_agg(r.id), '{}') into old_runs
  from app_public.pipeline_runs as r
  where r.finished_at < now() - make_interval(days => days)
    and exists (select from app_public.pipeline_runs as n where n.pipeline = r.pipeline and n.id > r.id);
  delete from app_public.pipeline_attempts as a where a.run_id = any (old_runs);
  delete from app_public.pipeline_tasks as t where t.run_id = any (old_runs);
  delete from app_public.pipeline_run_stages as s where s.run_id = any (old_runs);
  delete from app_public.pipeline_runs as r where r.id = any (old_runs);
  delete from app_public.task_failures as f where f.failed_at < now() - make_interval(days => days);
  return cardinality(old_runs);
end
$$;

comment on function app_public.prune_pipeline_history(integer) is $$
Takes away runs that ended more than `days` ago, with their tasks and attempts, and final refusals of that age; how
many runs. The last run of each pipeline stays.

    select prune_pipeline_history(90);

PC400: days is below 1.
$$;

grant execute on function app_public.prune_pipeline_history(integer) to app_analyst;
