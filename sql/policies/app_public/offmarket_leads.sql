comment on table app_public.offmarket_leads is $$
Homes that may soon be for sale although nobody offers them, with the reasons; see discover_offmarket. Never persons.

For operators only.
$$;
comment on column app_public.offmarket_leads.property_id is 'The home.';
comment on column app_public.offmarket_leads.insee_code is 'Its commune.';
comment on column app_public.offmarket_leads.department_code is 'Its département.';
comment on column app_public.offmarket_leads.property_type is 'Its type.';
comment on column app_public.offmarket_leads.score is 'How much its reasons weigh together, 0 to 1.';
comment on column app_public.offmarket_leads.reasons is
  'Why: a list of objects with rule, weight and the facts that fulfil it.';
comment on column app_public.offmarket_leads.found_at is 'When it was found first.';
comment on column app_public.offmarket_leads.confirmed_at is 'When it was found last.';
comment on column app_public.offmarket_leads.ended_at is 'When no reason held any more; null while it is open.';
comment on column app_public.offmarket_leads.run_id is 'The run that found it last; that run may be pruned.';

grant select on app_public.offmarket_leads to app_operator;

create policy offmarket_leads_operator_read on app_public.offmarket_leads
  for select to app_operator using (true);
comment on policy offmarket_leads_operator_read on app_public.offmarket_leads is
  'Only operators see which homes may come up for sale.';
