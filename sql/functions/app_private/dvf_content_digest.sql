-- Without `set`, so that it is inlined into the grouping of a million lines.

create function app_private.dvf_content_digest(
  digest bigint, basis app_base.identity_basis, is_partial boolean, disposition_count integer
)
returns bigint
language sql
immutable
return hashint8extended(digest, disposition_count * 8
  + case basis when 'reference' then 0 when 'evidence' then 1 else 2 end * 2 + is_partial::integer);

comment on function app_private.dvf_content_digest(bigint, app_base.identity_basis, boolean, integer) is $$
The 64-bit digest by which two releases are seen to tell the same of a mutation: the digest of its lines
(independent of their order) with how it was identified.
$$;
