create function app_private.held_reason(
  reason text, message text, count integer, of integer, share_limit numeric, sample jsonb
)
returns jsonb
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'reason', reason, 'message', message, 'count', count, 'of', of,
    'share', round(count::numeric / nullif(of, 0), 4), 'limit', round(share_limit, 4), 'sample', sample
  ))
$$;

comment on function app_private.held_reason(text, text, integer, integer, numeric, jsonb) is $$
One entry of scrape_sessions.held_reasons: a word, a sentence, the numbers behind them and some keys.
$$;
