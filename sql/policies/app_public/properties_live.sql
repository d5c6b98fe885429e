grant select on app_public.properties_live to app_rule;

create policy properties_live_rule_read on app_public.properties_live
  for select to app_rule using (true);
comment on policy properties_live_rule_read on app_public.properties_live is
  'Rules compare what was staged with what is live, and judge live homes anew when they change.';
