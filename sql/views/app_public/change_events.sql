create view app_public.change_events with (security_invoker) as
select
  b.first_position + c.ordinal - 1 as position,
  c.batch_id,
  c.ordinal,
  c.kind,
  c.property_id,
  s.code as source,
  c.insee_code,
  c.property_type,
  c.field_name,
  c.old_value,
  c.new_value,
  c.magnitude,
  c.confidence,
  c.changed_at,
  c.session_id,
  c.changed_by
from app_public.change_batches as b
join app_public.property_changes as c on c.batch_id = b.id and c.changed_at between b.opened_at and b.sealed_at
join app_public.sources as s on s.id = c.source_id;

comment on view app_public.change_events is $$
Every change of a live home with its position: the place in the order in which changes were committed, from 1 without a
gap. `change_events_since` reads on from a position; `LISTEN parcelle_changes` says when there is more.
$$;
comment on column app_public.change_events.position is 'Place among all changes: the cursor of a subscriber.';
comment on column app_public.change_events.batch_id is 'The transaction that made it, in `change_batches`.';
comment on column app_public.change_events.ordinal is 'Its number in the batch, from 1.';
comment on column app_public.change_events.kind is 'What happened to the home.';
comment on column app_public.change_events.property_id is 'The home; its row may be gone since.';
comment on column app_public.change_events.source is 'Code of the source that reports it.';
comment on column app_public.change_events.insee_code is 'Its commune, after the change.';
comment on column app_public.change_events.property_type is 'Its type, after the change.';
comment on column app_public.change_events.field_name is 'The column that changed; null where a home came to be or went.';
comment on column app_public.change_events.old_value is 'What the field said before; personal values as keyed digests.';
comment on column app_public.change_events.new_value is 'What it says since.';
comment on column app_public.change_events.magnitude is 'Size of the step, as in `property_changes`.';
comment on column app_public.change_events.confidence is
  'How likely it is that this really happened, 0 to 1; null for an edit by hand.';
comment on column app_public.change_events.changed_at is 'When.';
comment on column app_public.change_events.session_id is 'The session that made it; null for an edit by hand.';
comment on column app_public.change_events.changed_by is 'Who made it.';

grant select on app_public.change_events to app_analyst;
