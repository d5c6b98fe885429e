create function app_private.enqueue_refresh_city(insee_codes text[])
returns bigint
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
  select j.id
  from graphile_worker.add_job(
    'refresh_city',
    json_build_object('inseeCodes', insee_codes),
    job_key => 'refresh_city:' || md5(array_to_string(insee_codes, ',')),
    max_attempts => 5
  ) as j
$$;

comment on function app_private.enqueue_refresh_city(text[]) is $$
Asks a worker to refresh some cities: where they lie, and what a square metre costs there by an explorer and by the
ledger. The same cities asked for twice before a worker comes are refreshed once. The job's number.

    select app_private.enqueue_refresh_city('{35238,44109}');
$$;
