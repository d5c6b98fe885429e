create function app_private.keep_responses(responses jsonb)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer integer;
begin
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
  order by g.url
  on conflict on constraint http_responses_pkey do update set
    policy = excluded.policy, body = coalesce(excluded.body, r.body), etag = excluded.etag,
    last_modified = excluded.last_modified, stored_at = excluded.stored_at, expires_at = excluded.expires_at,
    kept_at = excluded.kept_at;
  get diagnostics answer = row_count;
  return answer;
end
$$;

comment on function app_private.keep_responses(jsonb) is $$
Keeps answers of sources: url, policy, body, etag, lastModified, freshSeconds, keepSeconds each; how many.
$$;
