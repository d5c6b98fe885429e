create function app_private.open_history(day date default current_date)
returns integer
language plpgsql
volatile
set lock_timeout = '500ms'
set search_path = pg_catalog, pg_temp
as $$
declare
  made integer := 0;
  wanted record;
begin
  for wanted in
    select t.parent, m.month::date as month
    from (
      values
        ('app_public.property_changes'::regclass), ('app_private.property_versions'),
        ('app_private.property_sighting_blocks')
    ) as t (parent)
    cross join lateral generate_series(
      date_trunc('month', day::timestamp), date_trunc('month', day::timestamp) + interval '1 month',
      interval '1 month'
    ) as m (month)
    where to_regclass(format('%s_%s', t.parent, to_char(m.month, 'YYYY_MM'))) is null
  loop
    -- Whoever is at it already does it for all.
    exit when not pg_try_advisory_xact_lock(hashtextextended('parcelle.open_history', 0));
    if app_private.open_history_month(wanted.parent, wanted.month) then
      made := made + 1;
    end if;
  end loop;
  return made;
exception when lock_not_available or deadlock_detected then
  -- Somebody is reading what no partition was made for yet. The next call tries again.
  return 0;
end
$$;

comment on function app_private.open_history(date) is $$
Makes the partitions of changes, versions and sightings for the month of a day and the next one, where they are not
there yet; how many it made. What comes before that is kept in the default partitions.

It never fails for being in somebody's way: then it makes none, and the next call does.

    select app_private.open_history();  -- 6 on the first day, 0 on the second
$$;
