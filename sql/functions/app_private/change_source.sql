create function app_private.change_source(wanted text, changes jsonb)
returns app_public.sources
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  changeable constant text[] := array[
    'name', 'kind', 'base_url', 'config', 'is_enabled', 'reliability', 'likely_removed_after', 'removed_after',
    'removal_grace', 'unkeyed_share_max', 'removed_share_max', 'changed_share_max', 'judged_from'
  ];
  -- Kinds that are the house's own: nothing is asked of them, and other parts rest on them.
  fixed constant app_base.source_kind[] := '{register,legacy}';
  before app_public.sources;
  answer app_public.sources;
  wrong text;
  changed jsonb;
begin
  if jsonb_typeof(changes) is distinct from 'object' then
    raise exception 'expected the changes as an object, got %', coalesce(jsonb_typeof(changes), 'null')
      using errcode = 'PC400', hint = 'Give an object such as {"reliability": 0.8}.';
  end if;
  select string_agg(quote_literal(c.name), ', ') into wrong
  from jsonb_object_keys(changes) as c (name)
  where c.name <> all (changeable);
  if wrong is not null then
    raise exception '% of a source cannot be changed', wrong
      using errcode = 'PC400', hint = 'What can be: ' || array_to_string(changeable, ', ');
  end if;
  select s.* into before from app_public.sources as s where s.code = wanted for update;
  if not found then
    raise exception 'source % does not exist', coalesce(quote_literal(wanted), 'null')
      using errcode = 'PC404', hint = 'List the sources with: parcelle sources list';
  end if;
  begin
    answer := jsonb_populate_record(before, changes);
    answer.name := btrim(answer.name);
    perform app_private.check_source(answer);
    update app_public.sources as s
    set name = answer.name, kind = answer.kind, base_url = answer.base_url, config = answer.config,
      is_enabled = answer.is_enabled, reliability = answer.reliability,
      likely_removed_after = answer.likely_removed_after, removed_after = answer.removed_after,
      removal_grace = answer.removal_grace, unkeyed_share_max = answer.unkeyed_share_max,
      removed_share_max = answer.removed_share_max, changed_share_max = answer.changed_share_max,
      judged_from = answer.judged_from
    where s.id = before.id
    returning s.* into answer;
  exception
    when data_exception or integrity_constraint_violation then
      raise exception 'source % cannot be changed so: %', wanted, sqlerrm
        using errcode = 'PC400',
          hint = 'Shares lie between 0 and 1, counts are whole numbers, removed_after is no less than likely_removed_after.';
  end;
  if answer.kind <> before.kind then
    if before.kind = any (fixed) or answer.kind = any (fixed) then
      raise exception 'source % is of kind % and cannot become %', wanted, before.kind, answer.kind
        using errcode = 'PC422', hint = 'Add another source instead: parcelle sources add';
    end if;
    -- What a scrape under way has planned was planned for the kind it began with.
    if exists (
      select
      from app_private.scrape_leases as l
      join app_public.scrape_sessions as s on s.id = l.session_id
      where s.source_id = before.id and s.status = 'queued' and s.finished_at is null
    ) then
      raise exception 'source % is being scraped', wanted
        using errcode = 'PC409', hint = 'Wait until it is done, or call the session off with cancel_session.';
    end if;
  end if;
  perform app_private.key_columns(answer.id);
  select jsonb_object_agg(c.name, jsonb_build_object('from', to_jsonb(before) -> c.name, 'to', to_jsonb(answer) -> c.name))
  into changed
  from unnest(changeable) as c (name)
  where to_jsonb(before) -> c.name is distinct from to_jsonb(answer) -> c.name;
  if changed is not null then
    perform app_private.record_admin_action('update_source', answer.code, changed);
  end if;
  return answer;
end
$$;

comment on function app_private.change_source(text, jsonb) is $$
Changes what is known of a source, column by column, and writes down what each was before. What `changes` does not name
stays; a `base_url` of null is taken away; the config is replaced as a whole, and checked as when the source was added.
Nothing is written down where nothing changes.

    select config from app_private.change_source('my-portal', '{"reliability": 0.8, "removed_after": 5}');

PC404: there is no such source. PC400: there is no such column, or a value is wrong. PC422: the kind of a register or of a
legacy table is fixed. PC409: the kind is to be changed while a scrape is under way.
$$;
