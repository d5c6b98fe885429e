create function app_private.keep_responses(responses jsonb)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  renewed integer;
  made integer;
begin
  update app_private.http_responses as r
  set
    policy = g.policy, etag = g.etag, last_modified = g."lastModified", stored_at = now(),
    expires_at = now() + make_interval(secs => g."freshSeconds"),
    kept_at = now() + make_interval(secs => g."keepSeconds")
  from jsonb_to_recordset(responses) as g (
    url text, policy jsonb, body text, etag text, "lastModified" text, "freshSeconds" double precision,
    "keepSeconds" double precision
  )
  where r.url = g.url and g.body is null;
  get diagnostics renewed = row_count;

  insert into app_private.http_responses as r (
    url, policy, body, etag, last_modified, stored_at, expires_at, kept_at
  )
  select distinct on (g.url)
    g.url, g.policy, g.body, g.etag, g."lastModified", now(), now() + make_interval(secs => g."freshSeconds"),
    now() + make_interval(secs => g."keepSeconds")
  from jsonb_to_recordset(responses) as g (
    url text, policy jsonb, body text, etag text, "lastModified" text, "freshSeconds" double precision,
    "keepSeconds" double precision
  )
  where g.body is not null
  order by g.url
  on conflict on constraint http_responses_pkey do update set
    policy = excluded.policy, body = excluded.body, etag = excluded.etag, last_modified = excluded.last_modified,
    stored_at = excluded.stored_at, expires_at = excluded.expires_at, kept_at = excluded.kept_at;
  get diagnostics made = row_count;
  return renewed + made;
end
$$;

comment on function app_private.keep_responses(jsonb) is $$
Keeps answers of sources: url, policy, body, etag, lastModified, freshSeconds, keepSeconds each; how many. One without
body says that the body kept still holds.
$$;
