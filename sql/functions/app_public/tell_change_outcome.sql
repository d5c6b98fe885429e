create function app_public.tell_change_outcome(batch_id bigint, ordinal integer, is_true boolean)
returns app_public.change_outcomes
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  change app_public.property_changes;
  told app_public.change_outcomes;
begin
  if tell_change_outcome.is_true is null then
    raise 'an outcome is true or false'
      using errcode = 'PC400', hint = 'Say whether the change happened; leave it untold when nobody knows.';
  end if;
  select c.* into change
  from app_public.property_changes as c
  where c.batch_id = tell_change_outcome.batch_id and c.ordinal = tell_change_outcome.ordinal;
  if not found then
    raise 'batch % has no change %', tell_change_outcome.batch_id, tell_change_outcome.ordinal
      using errcode = 'PC404', hint = 'Batch and ordinal of a change stand in property_changes.';
  end if;
  if change.confidence_cell is null then
    raise 'change % of batch % was given no confidence', tell_change_outcome.ordinal, tell_change_outcome.batch_id
      using errcode = 'PC422', hint = 'Outcomes are told of changes that a session reported.';
  end if;
  insert into app_public.change_outcomes as o (batch_id, ordinal, cell, is_true)
  values (change.batch_id, change.ordinal, change.confidence_cell, tell_change_outcome.is_true)
  on conflict on constraint change_outcomes_pkey do update
    set is_true = excluded.is_true, told_by = excluded.told_by, told_at = excluded.told_at
  returning o.* into told;
  return told;
end
$$;

comment on function app_public.tell_change_outcome(bigint, integer, boolean) is $$
Tells whether a change really happened: the price was lowered, the home is gone. Told again, the last word holds.

Takes effect on what is said of later changes with the next fit_change_confidence(). Runs as owner, since nobody else
may write outcomes; the grant is its check.

    select tell_change_outcome(c.batch_id, c.ordinal, false) from property_changes as c where c.new_value = '2520000';

PC400: neither true nor false. PC404: no such change. PC422: a change without a confidence, made by hand.
$$;

grant execute on function app_public.tell_change_outcome(bigint, integer, boolean) to app_analyst;
