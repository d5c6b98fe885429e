-- requires: sql/functions/app_private/applied_release.sql
-- requires: sql/functions/app_private/covered_until.sql
-- requires: sql/functions/app_private/sale_images_between.sql
-- requires: sql/types/app_public/release_difference.sql
-- security definer: past images are private; only app_analyst, who sees every present sale, may call this.

create function app_public.diff_releases(release_a text, release_b text, commune text default null)
returns setof app_public.release_difference
language plpgsql
stable
security definer
rows 10000
set search_path = pg_catalog, pg_temp
as $$
declare
  a app_public.dvf_releases := app_private.applied_release(release_a);
  b app_public.dvf_releases := app_private.applied_release(release_b);
begin
  if a.applied_order > b.applied_order then
    raise exception 'release % was applied after %', release_a, release_b
      using errcode = 'PC400', hint = 'Name the earlier release first.';
  end if;

  return query
  with images as materialized (
    select i.transaction_id, i.before_image, i.after_image, coalesce(i.after_image, i.before_image) as image
    from app_private.sale_images_between(
      a.applied_order, b.applied_order, case when commune is not null then array[commune] end
    ) as i
  ),
  covered as materialized (
    select c.department_code, c.covered_until from app_private.covered_until(a.applied_order) as c
  )
  select
    i.transaction_id,
    case when i.before_image is null then 'added' else 'withdrawn' end::app_base.change_kind,
    null::text, null::jsonb, null::jsonb,
    i.image ->> 'insee_code',
    (i.image ->> 'sold_on')::date,
    case when i.before_image is null
      then coalesce((i.image ->> 'sold_on')::date < c.covered_until, false)
    end
  from images as i
  left join covered as c on c.department_code = i.image ->> 'department_code'
  where i.before_image is null or i.after_image is null
  union all
  select
    i.transaction_id, 'corrected'::app_base.change_kind, f.key, f.value, i.after_image -> f.key,
    i.image ->> 'insee_code', (i.image ->> 'sold_on')::date, null::boolean
  from images as i
  cross join lateral jsonb_each(i.before_image) as f
  where i.after_image is not null
    and f.value is distinct from i.after_image -> f.key
    -- What the ledger keeps for itself or computes from other fields is nobody's correction.
    and f.key not in (
      'added_release_id', 'changed_release_id', 'content_digest', 'dispositions', 'evidence', 'latitude', 'line_count',
      'line_release_id', 'located_release_id', 'location', 'longitude', 'price_per_m2', 'price_per_m2_reason'
    )
  order by 1, 3;
end
$$;

comment on function app_public.diff_releases(text, text, text) is $$
What release B says differently from release A: sales added and withdrawn, and corrected fields with both values.

Net of everything between them: a sale corrected back and forth does not appear. Late registrations (added, but sold
in a month that A already covered) are told from new months. `commune` narrows it to one commune, arrondissement, or
Paris, Lyon or Marseille whole.

    select kind, count(distinct transaction_id) from app_public.diff_releases('2024-04', '2024-10') group by kind;

PC404: no release of that code is applied. PC400: B was applied before A.
$$;

grant execute on function app_public.diff_releases(text, text, text) to app_analyst;
