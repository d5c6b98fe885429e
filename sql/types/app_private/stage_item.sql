create type app_private.stage_item as (
  item_key text,
  params jsonb,
  lane integer
);
comment on type app_private.stage_item is 'An item of a stage, for which a task is made.';
comment on column app_private.stage_item.item_key is 'What the task is for, as it is shown.';
comment on column app_private.stage_item.params is 'What the task is given.';
comment on column app_private.stage_item.lane is
  'Items of one lane are dealt with one after the other, in their order, where the stage has a concurrency group.';
