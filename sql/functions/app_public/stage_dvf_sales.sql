-- requires: sql/functions/app_private/dvf_session_scope.sql
-- requires: sql/functions/app_public/begin_session.sql
-- requires: sql/functions/app_public/finish_session.sql
-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.stage_dvf_sales(release text default null)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set datestyle = 'ISO'
as $$
declare
  applied app_public.dvf_releases;
  wanted app_private.dvf_session_scope;
  condition text;
  expected integer;
  session app_public.scrape_sessions;
  leaf text;
begin
  if not pg_try_advisory_xact_lock_shared(hashtext('app_private.dvf_import')) then
    raise exception 'an import is changing the ledger'
      using errcode = 'PC409', hint = 'Wait until it has ended, then stage again.';
  end if;
  select r.* into applied from app_public.dvf_releases as r where r.status = 'applied'
  order by r.applied_order desc limit 1;
  if applied.id is null then
    raise exception 'no release is applied'
      using errcode = 'PC409', hint = 'Import one with: parcelle dvf import FILE';
  end if;
  if stage_dvf_sales.release <> applied.code then
    raise exception 'release % is not the last one that stands, that is %', stage_dvf_sales.release, applied.code
      using errcode = 'PC409', hint = 'The ledger holds what the last release left; stage that one.';
  end if;

  wanted := app_private.dvf_session_scope();
  condition := 't.property_type in (''house'', ''flat'') and t.house_count + t.flat_count = 1
    and t.is_count_certain and t.price_eur is not null and not t.mutation_is_partial
    and t.identity_basis <> ''ambiguous'' and t.nature in (''sale'', ''off_plan_sale'', ''auction'')';
  if wanted.insee_codes is not null then
    condition := condition || format(' and t.insee_code = any (%L)', wanted.insee_codes);
  end if;
  if wanted.first_day is not null then
    condition := condition || format(' and t.sold_on between %L and %L', wanted.first_day, wanted.last_day);
  end if;
  execute 'select count(*) from app_public.transactions as t where ' || condition into expected;

  session := app_public.begin_session(
    'dvf', 'release ' || applied.code, 'the ledger', nullif(wanted.insee_codes, '{}'), '{house,flat}',
    wanted.first_day, wanted.last_day, is_complete => wanted.insee_codes is distinct from '{}', expected_rows => expected,
    parameters => jsonb_build_object(
      'release', applied.code, 'release_id', applied.id, 'applied_order', applied.applied_order
    )
  );
  leaf := app_private.open_staging_partition(session.staging_bucket, session.staging_bucket >= 0);
  execute format(
    'insert into %s (
       session_id, bucket, source_key, status, address, postal_code, city, insee_code, parcel_id, property_type, price,
       surface, land_surface, rooms, sale_date, longitude, latitude
     )
     select %L, %s, t.id::text, ''sold'',
       -- From 5000 on the register''s numbers are made up, for want of a real one.
       nullif(concat_ws('' '', case when t.street_number < 5000 then t.street_number end,
         case when t.street_number < 5000 then t.street_suffix end, t.street_name), ''''),
       t.postal_code, c.name, t.insee_code, t.parcel_ids[1], t.property_type::text, trim_scale(t.price_eur)::text,
       t.dwelling_surface_m2::text, t.land_surface_m2::text, t.room_count::text, t.sold_on::text,
       t.longitude::text, t.latitude::text
     from app_public.transactions as t
     left join app_public.cities as c on c.insee_code = t.insee_code
     where %s',
    leaf, session.id, session.staging_bucket, condition
  );
  if session.staging_bucket < 0 then
    perform app_private.attach_staging_partition(session.staging_bucket);
  end if;
  perform app_public.finish_session(session.id);
  return session.id;
end
$$;

comment on function app_public.stage_dvf_sales(text) is $$
Stages the sales of single dwellings as a session of source dvf, straight from the ledger; its id, to be synced next.

A sale is staged that is priced, on the market (sale, off-plan sale, auction), of exactly one house or flat (annexes
allowed), neither partial nor ambiguous: source_key is the transaction's id, status is sold. The session is complete
within the communes and years that releases applied or undone since the last completed one speak of, and the first one
within everything: the ledger's present state there, so that a sale which was withdrawn, or is no longer one dwelling, is
absent from it and its home removed. Sales that are as they were cost no more than their key. `release` may name the
release one means; only the last that stands can be staged.

    select sync_session(stage_dvf_sales());

PC409: no release is applied, it is not the last one, an import is running, or source dvf is paused.
$$;

grant execute on function app_public.stage_dvf_sales(text) to app_analyst;
