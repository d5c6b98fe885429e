comment on table app_public.sources is $$
Where reports of homes come from, and how far each is believed.

A source that is disabled or paused takes no sessions and syncs none. `config` is the source's own: addresses and
names of parameters, which columns mean what, what a key is made of; never a secret.
$$;
comment on column app_public.sources.id is 'Number of the source.';
comment on column app_public.sources.code is 'Short name: dvf, csv, immodata.';
comment on column app_public.sources.name is 'Name as it is shown.';
comment on column app_public.sources.kind is 'What sort of source it is.';
comment on column app_public.sources.base_url is 'Where it is reached; null for files.';
comment on column app_public.sources.is_enabled is 'Whether it may be used at all; false until somebody has settled that its terms allow it.';
comment on column app_public.sources.is_local is 'Whether it is a simulated one on this machine.';
comment on column app_public.sources.paused_at is 'Since when it is paused; null while it works.';
comment on column app_public.sources.config is $$
Settings of its own. Read by staging: `columns`, an object from the file's column names to those of
property_scrapes_staging; `key_columns`, the columns whose digest is the key of a row that comes with neither
source_key nor property_url, the first of which must be filled.
$$;
comment on column app_public.sources.likely_removed_after is 'Complete sessions in a row without a home until it is likely removed.';
comment on column app_public.sources.removed_after is 'Complete sessions in a row without a home until it is removed.';
comment on column app_public.sources.removal_grace is 'How long a home must have been missing before it is removed.';
comment on column app_public.sources.unkeyed_share_max is
  'Share of rows without key above which a session does not count as complete.';
comment on column app_public.sources.removed_share_max is 'Share of the homes in its scope that a session may miss before it is held.';
comment on column app_public.sources.changed_share_max is 'Share of the homes seen that a session may change before it is held.';
comment on column app_public.sources.judged_from is 'Homes a scope must hold for these shares to be judged.';
comment on column app_public.sources.reliability is 'Share of what it reported that held, from 0 to 1.';
comment on column app_public.sources.judged_by is 'Digest of the rules its live homes were judged by last.';
comment on column app_public.sources.created_at is 'When it was made known.';

grant select (id, code, name, kind) on app_public.sources to app_visitor;
grant select on app_public.sources to app_analyst;

create policy sources_visitor_read on app_public.sources
  for select to app_visitor using (true);
comment on policy sources_visitor_read on app_public.sources is
  'A visitor learns which sources figures rest on: their names, nothing of how they are reached.';

create policy sources_analyst_read on app_public.sources
  for select to app_analyst using (true);
comment on policy sources_analyst_read on app_public.sources is 'An analyst sees every source.';
