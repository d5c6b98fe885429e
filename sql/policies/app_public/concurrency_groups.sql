comment on table app_public.concurrency_groups is $$
How many tasks of a group of stages run at a time, over all workers.
$$;
comment on column app_public.concurrency_groups.name is 'Name of the group, as stages name it.';
comment on column app_public.concurrency_groups.running_at_most is
  'So many of its tasks run at a time: it has so many queues, and each runs one.';
comment on column app_public.concurrency_groups.description is 'What the limit protects.';

grant select on app_public.concurrency_groups to app_analyst;

create policy concurrency_groups_analyst_read on app_public.concurrency_groups
  for select to app_analyst using (true);
comment on policy concurrency_groups_analyst_read on app_public.concurrency_groups is 'An analyst sees what is limited.';
