-- Without `set`, so that the planner writes it in place of the call: a session may ask for a million cells.

create function app_private.change_confidence_cell(
  kind app_base.property_change_kind, field_name text, magnitude real, quality_score real, reliability real
)
returns integer
language sql
immutable
parallel safe
as $$
  select
    case kind
      when 'new' then 100000
      when 'likely_removed' then 300000
      when 'removed' then 400000
      when 'reactivated' then 500000
      when 'sold' then 600000
      when 'deleted' then 700000
      -- Only a change of a field has a field and a step.
      else 200000
        + 1000 * coalesce(array_position(
            '{property_url,status,title,address,postal_code,city_name,insee_code,parcel_id,property_type,price_eur,surface_m2,land_surface_m2,room_count,bedroom_count,floor_no,built_year,dpe_number,dpe_class,dpe_kwh_m2,ghg_class,ghg_kgco2_m2,listed_on,sold_on,longitude,latitude,agency_name,contact_phone,contact_email,description}'::text[],
            field_name), 0)
        + 100 * case
            when magnitude is null then 0
            -- The seventh bin lies around a factor of ten: a digit too many or too few.
            when field_name in ('price_eur', 'surface_m2', 'land_surface_m2')
              then 1 + width_bucket(magnitude, '{0.02,0.05,0.1,0.2,0.4,0.9,2.15,2.45}'::real[])
            when field_name in ('longitude', 'latitude')
              then 1 + width_bucket(magnitude, '{50,200,1000,5000,50000}'::real[])
            when field_name in ('title', 'address', 'agency_name', 'description')
              then 1 + width_bucket(magnitude, '{0.1,0.3,0.6}'::real[])
            else 0
          end
    end
    + 10 * case when quality_score is null then 0 else 1 + width_bucket(quality_score, '{0.85,0.95,0.999}'::real[]) end
    + case
        when reliability is null then 0
        -- What a reliable source gets wrong is counted in thousandths.
        else 1 + width_bucket(reliability, '{0.9,0.97,0.99,0.995,0.998,0.999}'::real[])
      end
$$;

comment on function app_private.change_confidence_cell(app_base.property_change_kind, text, real, real, real) is $$
The sort of a change, as a number that is a key of change_confidence_cells.

Read from the left: kind, field (two digits; only for `updated`), size of the step, quality of the row, reliability of
the source; 0 where something is not known. A step is |ln(new/old)| for prices and surfaces, metres for coordinates,
1 − similarity for texts; other fields have none.

    select app_private.change_confidence_cell('updated', 'price_eur', 0.06, 1, 0.96);  -- 210342
$$;
