create function app_private.check_quality(run integer, params jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  worst app_base.rule_outcome;
  checked integer;
begin
  select max(q.outcome) filter (where q.outcome <> 'not_applicable'), count(*) into worst, checked
  from app_public.run_quality_checks((params ->> 'sessionId')::uuid) as q;
  return jsonb_build_object('item_count', checked, 'outcome', coalesce(worst, 'not_applicable'));
end
$$;

comment on function app_private.check_quality(integer, jsonb) is $$
Stage: measures the session of `sessionId`, without one the last completed session of every source. Thresholds that are
not kept fail nothing; they are the result.

PC404: there is no such session.
$$;
