-- A statement's timeout is set before it begins, so a function cannot give itself one. A transaction's timeout can be
-- set at any moment inside it. When it is over PostgreSQL ends the connection: the last resort, after what a scan checks
-- by itself at every row (app_rules.is_over()).

create function app_private.hold_rule_deadline(seconds integer)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  -- Who has set a timeout of one's own keeps it.
  if seconds > 0 and current_setting('transaction_timeout') = '0' then
    perform set_config('parcelle.holds_deadline', 'on', true);
    perform set_config('transaction_timeout', seconds * 1000 || 'ms', true);
  elsif seconds = 0 and current_setting('parcelle.holds_deadline', true) = 'on' then
    perform set_config('parcelle.holds_deadline', 'off', true);
    perform set_config('transaction_timeout', '0', true);
  end if;
end
$$;

comment on function app_private.hold_rule_deadline(integer) is $$
Lets PostgreSQL break the transaction off when the next so many seconds are over; 0 takes that back. Nothing where the
transaction has a timeout already.
$$;
