comment on table app_public.scrape_items is $$
The pieces of a scrape: cells of a map, pages of results, pages of homes, files. Kept, so that a scrape that was broken
off goes on where it was, and so that it can be shown what was looked at.

The rows that a piece brings are staged in the transaction that marks it done.
$$;
comment on column app_public.scrape_items.id is 'Number of the item.';
comment on column app_public.scrape_items.session_id is 'The session it belongs to.';
comment on column app_public.scrape_items.item_key is 'Its name within the session: the same name again is the same item.';
comment on column app_public.scrape_items.parent_id is 'The item that led to it; null for the first ones.';
comment on column app_public.scrape_items.kind is 'What sort of piece it is: search, home, check, cell, file …';
comment on column app_public.scrape_items.params is 'What is asked: an address, a page, a rectangle.';
comment on column app_public.scrape_items.priority is 'Lower numbers are read first.';
comment on column app_public.scrape_items.status is 'Where it stands. skipped: it needed no request, or there was no leave for one.';
comment on column app_public.scrape_items.attempt_count is 'How often it was begun; after the third failure it has failed.';
comment on column app_public.scrape_items.retry_at is 'Not to be tried before that; null: at once.';
comment on column app_public.scrape_items.request_count is 'Requests it took.';
comment on column app_public.scrape_items.found_count is 'Results it showed.';
comment on column app_public.scrape_items.announced_count is
  'Results that the source says there are in all, where it says so; null elsewhere.';
comment on column app_public.scrape_items.staged_count is 'Rows staged from it.';
comment on column app_public.scrape_items.coverage is 'Whether it showed all it holds; null until it was read.';
comment on column app_public.scrape_items.error is 'Why it failed, was tried again or skipped last: an object with reason and detail.';
comment on column app_public.scrape_items.finished_at is 'When it was done, failed or skipped; null until then.';

grant select on app_public.scrape_items to app_analyst;

create policy scrape_items_analyst_read on app_public.scrape_items
  for select to app_analyst using (true);
comment on policy scrape_items_analyst_read on app_public.scrape_items is
  'An analyst sees what was looked at; a visitor does not, since addresses may name homes.';
