-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.update_source(
  source text,
  name text default null,
  kind app_base.source_kind default null,
  base_url text default null,
  config jsonb default null,
  is_enabled boolean default null,
  reliability double precision default null,
  likely_removed_after integer default null,
  removed_after integer default null,
  removal_grace interval default null,
  unkeyed_share_max double precision default null,
  removed_share_max double precision default null,
  changed_share_max double precision default null,
  judged_from integer default null
)
returns app_public.sources
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  changes jsonb;
begin
  -- Private addresses are asked on behalf of a local source, so where it is reached is the owner's to say.
  if coalesce(update_source.base_url, update_source.config::text, update_source.kind::text) is not null
    and exists (select from app_public.sources as s where s.code = update_source.source and s.is_local)
  then
    raise exception 'source % is local: only the owner changes its kind, address and config', update_source.source
      using errcode = 'PC403', hint = 'Change it on the machine itself with: parcelle sources set ' || update_source.source;
  end if;
  select jsonb_object_agg(c.key, case when c.key = 'base_url' then nullif(c.value, '""') else c.value end)
  into changes
  from jsonb_each(jsonb_build_object(
    'name', update_source.name, 'kind', update_source.kind, 'base_url', update_source.base_url,
    'config', update_source.config, 'is_enabled', update_source.is_enabled, 'reliability', update_source.reliability,
    'likely_removed_after', update_source.likely_removed_after, 'removed_after', update_source.removed_after,
    'removal_grace', update_source.removal_grace, 'unkeyed_share_max', update_source.unkeyed_share_max,
    'removed_share_max', update_source.removed_share_max, 'changed_share_max', update_source.changed_share_max,
    'judged_from', update_source.judged_from
  )) as c
  where c.value <> 'null';
  return app_private.change_source(update_source.source, coalesce(changes, '{}'));
end
$$;

comment on function app_public.update_source(
  text, text, app_base.source_kind, text, jsonb, boolean, double precision, integer, integer, interval,
  double precision, double precision, double precision, integer
) is $$
Changes what is known of a source; what is not given stays. What was there before is kept in admin_actions.

An empty `base_url` takes the address away. `config` is replaced as a whole, and checked as by add_source; a scrape that
is under way keeps the one it began with until it is resumed. Mind that `key_columns`, `detail.url` and the address make
the keys of homes: under other keys they are other homes. Whoever enables a source says thereby that its terms allow
the use; pausing is pause_source. The rest says how far the source is believed (`reliability`), when homes that are
missing count as removed, and which sessions are held; see the columns of sources.

    select reliability, removed_after from update_source('my-portal', reliability => 0.8, removed_after => 5);  -- 0.8, 5

PC404: there is no such source. PC400: a value is wrong. PC403: the source is local, and where it is reached is the owner's
to say. PC422: the kind of a register or of a legacy table is fixed. PC409: the kind is to be changed during a scrape.
$$;

grant execute on function app_public.update_source(
  text, text, app_base.source_kind, text, jsonb, boolean, double precision, integer, integer, interval,
  double precision, double precision, double precision, integer
) to app_analyst;
