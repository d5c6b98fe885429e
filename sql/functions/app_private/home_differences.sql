-- Without `set`, so that the planner writes it in place of the call.
-- requires: sql/functions/app_private/changed_values.sql
-- requires: sql/functions/app_private/recordable_value.sql
-- requires: sql/functions/app_private/change_magnitude.sql

create function app_private.home_differences(old app_public.properties_live, new app_public.properties_live)
returns table (field_name text, old_value jsonb, new_value jsonb, magnitude real)
language sql
stable
as $$
  select
    d.change ->> 0,
    app_private.recordable_value(d.change ->> 0, d.change -> 1),
    app_private.recordable_value(d.change ->> 0, d.change -> 2),
    case
      when d.change ->> 0 in ('longitude', 'latitude')
        then app_public.distance_m(old.longitude, old.latitude, new.longitude, new.latitude)
      else app_private.change_magnitude(d.change ->> 0, d.change -> 1, d.change -> 2)
    end::real
  from (select unnest(app_private.changed_values(old, new)) as change) as d
$$;

comment on function app_private.home_differences(app_public.properties_live, app_public.properties_live) is $$
The fields in which two states of a home differ, with both values and the size of the step, as they are recorded.

Columns that are no content (counters, scores, fingerprints, instants, what is derived from other columns) are left
out; contact_phone and contact_email stand as keyed digests. `magnitude` is |ln(new/old)| for price and surfaces, metres
for longitude and latitude, 1 − trigram similarity for title, address, agency and description, 1 for other fields; null
where an amount, a place or a text came from nothing or went to nothing.
$$;
