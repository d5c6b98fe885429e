-- requires: sql/functions/app_private/applied_release.sql
-- requires: sql/functions/app_private/sales_as_of.sql
-- security definer: past images are private; what replaces row level security is that only app_analyst, who sees
-- every present sale, may call this, and that an image shows nothing a present row would not.

create function app_public.transactions_as_of(release text, commune text default null)
returns setof app_public.transactions
language plpgsql
stable
security definer
rows 100000
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select s.*
  from app_private.sales_as_of(
    (app_private.applied_release(release)).applied_order,
    case when commune is not null then array[commune] end
  ) as s;
end
$$;

comment on function app_public.transactions_as_of(text, text) is $$
The ledger as it stood right after a release was applied.

`release` is the code of a release that stands; undone ones do not count. `commune` narrows it to one commune,
arrondissement, or Paris, Lyon or Marseille whole, which is much quicker.

    select count(*) from app_public.transactions_as_of('2024-10', '35238');

PC404: no release of that code is applied.
$$;

grant execute on function app_public.transactions_as_of(text, text) to app_analyst;
