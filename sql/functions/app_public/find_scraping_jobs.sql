-- requires: sql/views/app_public/scraping_jobs.sql

create function app_public.find_scraping_jobs(status text default null, source text default null, dag_id text default null)
returns setof app_public.scraping_jobs
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
  if find_scraping_jobs.status <> all ('{running,success,held,failed}') then
    raise exception 'expected status running, success, held or failed, got %', find_scraping_jobs.status
      using errcode = 'PC400', hint = 'Leave it out for jobs of every status.';
  end if;
  if find_scraping_jobs.source is not null
    and not exists (select from app_public.sources as r where r.code = find_scraping_jobs.source) then
    raise exception 'source % does not exist', find_scraping_jobs.source
      using errcode = 'PC404', hint = 'List the sources with: parcelle sources list';
  end if;
  return query
  select j.*
  from app_public.scraping_jobs as j
  where (find_scraping_jobs.status is null or j.status = find_scraping_jobs.status)
    and (find_scraping_jobs.source is null or j.source = find_scraping_jobs.source)
    and (find_scraping_jobs.dag_id is null or j.dag_id = find_scraping_jobs.dag_id)
  order by j.started_at desc, j.session_id;
end
$$;

comment on function app_public.find_scraping_jobs(text, text, text) is $$
Rows of the view scraping_jobs, the latest first; of one status, source and pipeline where they are given.

    select session_id, items_scraped from find_scraping_jobs(status => 'failed', source => 'sim-misread');

PC400: no such status. PC404: no such source.
$$;

grant execute on function app_public.find_scraping_jobs(text, text, text) to app_analyst;
