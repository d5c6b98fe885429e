comment on table app_public.change_batches is $$
The changes of one transaction, and their link in the chain that shows when one was tampered with; append-only.

A batch is sealed when its transaction commits, one at a time, so that positions are in the order of commits. A link is
the sha256 of the link before and the digest of the batch's entries; `verify_audit` checks them all.
$$;
comment on column app_public.change_batches.id is 'Number of the batch; drawn before the commit, so that it says nothing of the order.';
comment on column app_public.change_batches.session_id is 'The session that made its first change; null for an edit by hand.';
comment on column app_public.change_batches.actor is 'Who: the setting `parcelle.actor`, or the role that logged in.';
comment on column app_public.change_batches.transaction_id is 'PostgreSQL''s number of the transaction.';
comment on column app_public.change_batches.change_count is 'How many changes it holds.';
comment on column app_public.change_batches.action_count is 'How many operators'' actions it holds.';
comment on column app_public.change_batches.chain_no is 'Its number in the chain, from 1 without a gap.';
comment on column app_public.change_batches.first_position is 'Position of its first change; null when it holds none.';
comment on column app_public.change_batches.last_position is 'Position of the last change up to here.';
comment on column app_public.change_batches.entries_digest is 'sha256 over the digests of its changes, then of its actions.';
comment on column app_public.change_batches.previous_link is 'The link before; empty for the first.';
comment on column app_public.change_batches.link is 'sha256 over previous_link and entries_digest.';
comment on column app_public.change_batches.opened_at is 'When the transaction first changed something.';
comment on column app_public.change_batches.sealed_at is 'When it was sealed, right before its commit.';

grant select on app_public.change_batches to app_analyst;

create policy change_batches_analyst_read on app_public.change_batches
  for select to app_analyst using (true);
comment on policy change_batches_analyst_read on app_public.change_batches is 'An analyst sees every batch.';
