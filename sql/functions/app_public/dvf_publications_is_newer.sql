create function app_public.dvf_publications_is_newer(publication app_public.dvf_publications)
returns boolean
language sql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select not exists (
    select from app_public.dvf_releases as r
    where r.status in ('applied', 'held') and r.started_at >= publication.published_at
  )
$$;

comment on function app_public.dvf_publications_is_newer(app_public.dvf_publications) is $$
Whether it was published after the last release that stands or waits began to be imported, so that there is something
to fetch.

    select p.published_at, p.dvf_publications_is_newer from app_public.dvf_publications as p;
$$;

grant execute on function app_public.dvf_publications_is_newer(app_public.dvf_publications)
  to app_visitor, app_analyst;
