create function app_private.cached_responses(urls text[])
returns table (url text, policy jsonb, body text, is_fresh boolean)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select r.url, r.policy, r.body, r.expires_at > now()
  from app_private.http_responses as r
  where r.url = any (urls) and r.kept_at > now()
$$;

comment on function app_private.cached_responses(text[]) is $$
The answers kept for addresses: with the policy by which the client decides whether to ask again.
$$;
