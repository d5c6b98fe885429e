-- Without `set`, so that the planner writes it in place of the call.

create function app_private.personal_digest(value text)
returns text
language sql
stable
as $$
  select 'digest:' || encode(
    extensions.hmac(convert_to(value, 'UTF8'), (select k.digest_key from app_private.audit_keys as k), 'sha256'), 'hex'
  )
$$;

comment on function app_private.personal_digest(text) is $$
What stands for a personal value (a phone number, an e-mail address) where history is kept: its digest under the
database's own key. The same value gives the same digest; without the key nobody can try values out.

    select app_private.personal_digest('+33612345678');  -- digest:5f0c…
$$;
