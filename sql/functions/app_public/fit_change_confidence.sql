-- Why in three steps: most sorts of changes are rare. What was told of a cell is added to what was told of the same kind,
-- field and step in rows of that quality from any source, that to the same in any row, and that to the prior; each
-- foregoing step weighs as much as ten outcomes, so that it decides where there are few and is forgotten where there
-- are many.

create function app_public.fit_change_confidence()
returns app_public.confidence_fit
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  prior_weight constant numeric := 10;
  fit app_public.confidence_fit;
begin
  with
    told as (
      select o.cell, count(*) as outcomes, count(*) filter (where o.is_true) as trues
      from app_public.change_outcomes as o
      group by o.cell
    ),
    any_source as (
      select t.cell / 10 as sort, sum(t.outcomes) as outcomes, sum(t.trues) as trues from told as t group by 1
    ),
    any_row as (
      select t.cell / 100 as sort, sum(t.outcomes) as outcomes, sum(t.trues) as trues from told as t group by 1
    ),
    fitted as (
      select v.cell, v.confidence as said_before, coalesce(t.outcomes, 0) as outcomes, coalesce(t.trues, 0) as trues,
        ((coalesce(t.trues, 0) + prior_weight * (
          (coalesce(s.trues, 0) + prior_weight * (
            (r.trues + prior_weight * v.prior::numeric) / (r.outcomes + prior_weight)
          )) / (coalesce(s.outcomes, 0) + prior_weight)
        )) / (coalesce(t.outcomes, 0) + prior_weight))::real as confidence
      from app_public.change_confidence_cells as v
      join any_row as r on r.sort = v.cell / 100
      left join any_source as s on s.sort = v.cell / 10
      left join told as t on t.cell = v.cell
    ),
    moved as (
      update app_public.change_confidence_cells as v
      set confidence = f.confidence, outcome_count = f.outcomes, fitted_at = now()
      from fitted as f
      where v.cell = f.cell
        and (v.confidence, v.outcome_count, v.fitted_at is null) is distinct from (f.confidence, f.outcomes::integer, false)
    )
  select sum(f.outcomes), count(*),
    round((sum(f.trues * (1 - f.said_before) ^ 2 + (f.outcomes - f.trues) * f.said_before ^ 2)
      / nullif(sum(f.outcomes), 0))::numeric, 6),
    round((sum(f.trues * (1 - f.confidence) ^ 2 + (f.outcomes - f.trues) * f.confidence ^ 2)
      / nullif(sum(f.outcomes), 0))::numeric, 6)
  into fit.outcome_count, fit.cell_count, fit.brier_before, fit.brier_after
  from fitted as f;
  fit.outcome_count := coalesce(fit.outcome_count, 0);

  -- A sort whose outcomes were all cleared away goes back to its prior.
  update app_public.change_confidence_cells as v
  set confidence = v.prior, outcome_count = 0, fitted_at = null
  where v.fitted_at is not null
    and not exists (select from app_public.change_outcomes as o where o.cell / 100 = v.cell / 100);
  perform app_private.record_admin_action('fit_change_confidence', null, to_jsonb(fit));
  return fit;
end
$$;

comment on function app_public.fit_change_confidence() is $$
Moves the confidence in each sort of changes to the share of them that turned out true, from every outcome told.

Changes recorded earlier keep what was said of them. A sort with few outcomes leans on those like it (same kind, field
and size of step in other rows and sources), and on its prior; without any of them it keeps its prior. Told the same,
it fits the same. Runs as owner, since nobody else may write confidences; the grant is its check.

    select outcome_count, brier_before, brier_after from fit_change_confidence();
$$;

grant execute on function app_public.fit_change_confidence() to app_analyst;
