comment on table app_public.pipelines is $$
Work that is done in stages; reference, seeded by every deploy.

    select name, key_params from pipelines;
$$;
comment on column app_public.pipelines.name is 'Name, by which it is triggered.';
comment on column app_public.pipelines.description is 'What it does.';
comment on column app_public.pipelines.key_params is
  'Parameters that make the key of a run, of which one runs at a time; empty: one run at a time; null: any number.';
comment on column app_public.pipelines.is_enabled is 'Whether it can be triggered at all.';
comment on column app_public.pipelines.paused_at is 'Since when no run of it begins; null while it works.';

grant select on app_public.pipelines to app_analyst;

create policy pipelines_analyst_read on app_public.pipelines
  for select to app_analyst using (true);
comment on policy pipelines_analyst_read on app_public.pipelines is 'An analyst sees every pipeline.';
