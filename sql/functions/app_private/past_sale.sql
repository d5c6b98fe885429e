-- Coordinates that a later release supplied do not belong to the past, though no version was kept for them.

create function app_private.past_sale(image jsonb, later integer[])
returns app_public.transactions
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select jsonb_populate_record(
    null::app_public.transactions,
    case
      when (image ->> 'located_release_id')::integer = any (later)
        then image || '{"longitude": null, "latitude": null, "location": null, "located_release_id": null}'
      when image ->> 'longitude' is null or image ->> 'latitude' is null then image || '{"location": null}'
      else image || jsonb_build_object(
        'location', point((image ->> 'longitude')::double precision, (image ->> 'latitude')::double precision)
      )
    end
  )
$$;

comment on function app_private.past_sale(jsonb, integer[]) is $$
A sale from its image, as it stood before the releases `later` were applied.

The location is computed again; coordinates that one of these releases supplied are taken away.
$$;
