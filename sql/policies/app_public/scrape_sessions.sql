comment on table app_public.scrape_sessions is $$
One look at a source: what it set out to see, what it staged, and what became of it.

Filled between begin_session and finish_session, then synced with sync_session. What is absent is judged only inside the
scope (communes, types, dates) of a session that is complete.
$$;
comment on column app_public.scrape_sessions.id is 'Identifier that is unique over all databases.';
comment on column app_public.scrape_sessions.session_no is 'Number of the session, in the order in which they began.';
comment on column app_public.scrape_sessions.source_id is 'The source it looked at.';
comment on column app_public.scrape_sessions.kind is 'A report, or the taking back of another session.';
comment on column app_public.scrape_sessions.name is 'What its maker calls it.';
comment on column app_public.scrape_sessions.target is 'What it looked at: an address, a file.';
comment on column app_public.scrape_sessions.parameters is 'With which parameters; never a secret.';
comment on column app_public.scrape_sessions.status is 'Where it stands.';
comment on column app_public.scrape_sessions.scope_insee_codes is
  'The communes it set out to see, arrondissements included with their commune; null for all.';
comment on column app_public.scrape_sessions.scope_property_types is 'The types it set out to see; null for all.';
comment on column app_public.scrape_sessions.scope_from is 'First day, of listing or sale, that it set out to see; null without limit.';
comment on column app_public.scrape_sessions.scope_to is 'Last such day; null without limit.';
comment on column app_public.scrape_sessions.is_complete is 'Whether it saw all of its scope, so that what it did not see is missing.';
comment on column app_public.scrape_sessions.staging_bucket is
  'The partition of its staged rows: a day, or a partition of its own (negative); null when they lie in several.';
comment on column app_public.scrape_sessions.page_count is 'Pages or files read.';
comment on column app_public.scrape_sessions.item_count is 'Items found while it was filled, unreadable ones included.';
comment on column app_public.scrape_sessions.staged_count is 'Rows staged, unreadable ones included; null until it is filled.';
comment on column app_public.scrape_sessions.unkeyed_count is
  'Those of them that say not which home they mean; null until it is filled.';
comment on column app_public.scrape_sessions.errors is
  'What went wrong on the way: a list of objects with reason and context (line, raw, count).';
comment on column app_public.scrape_sessions.held_reasons is 'Why it waits for a decision: a list of objects; null when it never did.';
comment on column app_public.scrape_sessions.is_accepted is 'Whether somebody accepted it in spite of that.';
comment on column app_public.scrape_sessions.undoes_session_id is 'The session it takes back; null for a report.';
comment on column app_public.scrape_sessions.created_by is 'The role that began it.';
comment on column app_public.scrape_sessions.queued_at is 'When it was begun.';
comment on column app_public.scrape_sessions.started_at is 'When its filling started.';
comment on column app_public.scrape_sessions.heartbeat_at is 'When it was heard of last while it was filled.';
comment on column app_public.scrape_sessions.finished_at is 'When its filling ended; null until then.';
comment on column app_public.scrape_sessions.applied_at is 'When it was applied to the live homes; null until then.';
comment on column app_public.scrape_sessions.decided_at is 'When somebody accepted, rejected, cancelled or undid it.';

grant select on app_public.scrape_sessions to app_analyst;

create policy scrape_sessions_analyst_read on app_public.scrape_sessions
  for select to app_analyst using (true);
comment on policy scrape_sessions_analyst_read on app_public.scrape_sessions is
  'An analyst sees every session; a visitor none, since targets and errors may quote what a source shows.';
