comment on table app_private.property_sighting_blocks is $$
Which sessions saw which homes, 1 024 ids to a row; appended, never changed.

Home 5 000 is offset 904 of block 4. A sighting counts while its session is completed: undoing the session takes its
sightings back, undoing that gives them again. When a home was last seen is read from here
(properties_live_last_seen_at).
$$;
comment on column app_private.property_sighting_blocks.source_id is 'Source of the session.';
comment on column app_private.property_sighting_blocks.session_no is 'The session, by its number.';
comment on column app_private.property_sighting_blocks.block_no is 'The ids divided by 1 024.';
comment on column app_private.property_sighting_blocks.offsets is 'What the division leaves, one for each home seen.';
comment on column app_private.property_sighting_blocks.seen_at is 'When the session was matched; partitions are by month.';
