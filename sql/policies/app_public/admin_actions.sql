comment on table app_public.admin_actions is $$
What operators did: sessions accepted, rejected or undone, rules and sources changed; append-only.
$$;
comment on column app_public.admin_actions.batch_id is 'The transaction in which it was done, in `change_batches`.';
comment on column app_public.admin_actions.ordinal is 'Its number among the actions of the batch, from 1.';
comment on column app_public.admin_actions.actor is 'Who did it: the setting `parcelle.actor`, or the role that logged in.';
comment on column app_public.admin_actions.action is 'What was done, such as accept_session.';
comment on column app_public.admin_actions.target is 'To what: the id of a session, the code of a source.';
comment on column app_public.admin_actions.details is 'Why, and what came of it.';
comment on column app_public.admin_actions.acted_at is 'When.';

grant select on app_public.admin_actions to app_analyst;

create policy admin_actions_analyst_read on app_public.admin_actions
  for select to app_analyst using (true);
comment on policy admin_actions_analyst_read on app_public.admin_actions is 'An analyst sees every action.';
