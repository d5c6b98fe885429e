create function app_private.gather_home_packet(run integer, params jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  return app_public.home_packet((params ->> 'property_id')::bigint) || '{"item_count": 1}';
end
$$;

comment on function app_private.gather_home_packet(integer, jsonb) is $$
Stage: gathers what is known of the home of `property_id`; see home_packet.

PC404: there is no such home.
$$;
