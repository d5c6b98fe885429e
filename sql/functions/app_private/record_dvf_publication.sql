create function app_private.record_dvf_publication(published_at timestamptz, resources jsonb)
returns app_public.dvf_publications
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  recorded app_public.dvf_publications;
begin
  if record_dvf_publication.published_at is null or jsonb_typeof(record_dvf_publication.resources) is distinct from 'array' then
    raise exception 'a publication needs the time of its update and a list of resources'
      using errcode = 'PC400', hint = 'Pass what the data set''s description says.';
  end if;
  insert into app_public.dvf_publications as p (published_at, resources)
  values (record_dvf_publication.published_at, record_dvf_publication.resources)
  on conflict on constraint dvf_publications_published_at_key
  do update set checked_at = now(), resources = excluded.resources
  returning p.* into recorded;
  return recorded;
end
$$;

comment on function app_private.record_dvf_publication(timestamptz, jsonb) is $$
Keeps what the official address says about itself: a new row for a new state, a later `checked_at` for a known one.

`resources` is a list of objects: title, url, bytes, lastModified, checksum. Gives the row.

    select app_private.record_dvf_publication('2025-10-07T09:12:00Z', '[]');

PC400: no time, or no list.
$$;
