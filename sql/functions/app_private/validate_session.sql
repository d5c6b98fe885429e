-- requires: sql/functions/app_private/run_rules.sql
-- requires: sql/functions/app_private/record_failures.sql
-- requires: sql/functions/app_private/record_results.sql

create function app_private.validate_session(session uuid)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  this app_public.scrape_sessions;
  rules app_public.validation_rules[];
  one app_public.validation_rules;
begin
  select s.* into this from app_public.scrape_sessions as s where s.id = validate_session.session;
  if not found then
    raise exception 'session % does not exist', validate_session.session
      using errcode = 'PC404', hint = 'List the sessions with: parcelle list-sessions';
  end if;
  delete from app_public.validation_failures as f where f.session_id = this.id;
  delete from app_public.validation_results as r where r.session_id = this.id;
  perform app_private.open_judgement();
  perform app_private.know_partition(this);
  select array_agg(r order by r.id) into rules
  from app_private.active_rules(this.source_id) as r;

  perform app_private.run_rules(
    array(select r from unnest(rules) as r where app_private.rule_sort(r) = 'row'), app_private.scan_base(this), this
  );
  foreach one in array array(select r from unnest(rules) as r where app_private.rule_sort(r) = 'rows') loop
    perform app_private.run_rules(array[one], null, this);
  end loop;
  foreach one in array array(select r from unnest(rules) as r where app_private.rule_sort(r) = 'keys') loop
    perform app_private.judge_keys(one, this);
  end loop;
  foreach one in array array(select r from unnest(rules) as r where app_private.rule_sort(r) = 'session') loop
    perform app_private.judge_whole_session(one, this);
  end loop;

  analyze pg_temp.rule_failures;
  perform app_private.record_scores(this, rules);
  perform app_private.record_failures(this, rules);
  perform app_private.inherit_failures(this);
  perform app_private.record_results(this, rules);
end
$$;

comment on function app_private.validate_session(uuid) is $$
Judges the new and changed rows of a session by the rules in force for its source, in one scan for those that judge row
by row.

Failing rows go to validation_failures, what each rule came to goes to validation_results, scores and quarantine stand in
staged_properties. Rows that pg_temp.session_todo does not name were seen unchanged and inherit what their live homes
failed. A rule that cannot run is told as broken; its rows have not failed.

PC404: there is no such session.
$$;
