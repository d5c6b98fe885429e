create function app_private.covered_until(target_order integer)
returns table (department_code text, covered_until date)
language sql
stable
rows 100
set search_path = pg_catalog, pg_temp
as $$
  select t.department_code, (date_trunc('month', max(t.sold_on)) + interval '1 month')::date
  from app_public.transactions as t
  join app_public.dvf_releases as r on r.id = t.added_release_id
  where r.applied_order <= target_order
  group by t.department_code
$$;

comment on function app_private.covered_until(integer) is $$
For each department the day after the last month of which the ledger knew a sale once the release with that
`applied_order` was applied.
$$;
