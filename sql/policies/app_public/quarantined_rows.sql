comment on table app_public.quarantined_rows is $$
Rows that a rule of severity error or blocker kept out of the live homes, with all the source said.

One row for each home waits at a time: the next session that brings the home again takes its place, or lets it go. After
a rule is mended `replay_quarantine` judges them again without asking the source.
$$;
comment on column app_public.quarantined_rows.id is 'Number of the row.';
comment on column app_public.quarantined_rows.session_id is 'The session that brought it.';
comment on column app_public.quarantined_rows.source_id is 'The source of that session.';
comment on column app_public.quarantined_rows.staged_id is 'The staged row.';
comment on column app_public.quarantined_rows.source_key is 'The key of the home; null where it had none.';
comment on column app_public.quarantined_rows.staged_row is 'Every field as the source wrote it, payload included.';
comment on column app_public.quarantined_rows.rule_ids is 'The rules of severity error or blocker that it failed.';
comment on column app_public.quarantined_rows.quarantined_at is 'Since when it has waited.';
comment on column app_public.quarantined_rows.released_at is 'When it stopped waiting; null while it does.';
comment on column app_public.quarantined_rows.released_by_session_id is
  'The session that brought the home again, in good order or not.';

grant select on app_public.quarantined_rows to app_analyst;

create policy quarantined_rows_analyst_read on app_public.quarantined_rows
  for select to app_analyst using (true);
comment on policy quarantined_rows_analyst_read on app_public.quarantined_rows is
  'Single homes are shown to analysts only.';
