create function app_private.record_dvf_sources(release integer, sources jsonb, repeated integer)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  accepted bigint;
  rejected bigint;
begin
  insert into app_public.dvf_sources
    (release_id, source_no, name, checksum, byte_count, dialect, line_count, accepted_count, rejected_count)
  select release, s.source_no, s.name, s.checksum, s.byte_count, s.dialect, s.line_count, s.accepted_count,
    s.rejected_count
  from jsonb_to_recordset(sources) as s (
    source_no smallint, name text, checksum text, byte_count bigint, dialect text,
    line_count integer, accepted_count integer, rejected_count integer
  );

  update app_public.dvf_releases as r
  set (line_count, accepted_count, rejected_count, repeated_count) = (
    select sum(s.line_count), sum(s.accepted_count), sum(s.rejected_count), repeated
    from app_public.dvf_sources as s
    where s.release_id = release
  )
  where r.id = release;

  select coalesce(sum(c.line_count), 0) + repeated into accepted
  from app_private.dvf_candidates as c
  where c.release_id = release;
  select count(*) into rejected from app_private.dvf_rejects as j where j.release_id = release;
  if exists (
    select from app_public.dvf_releases as r
    where r.id = release and (r.accepted_count, r.rejected_count) is distinct from (accepted::integer, rejected::integer)
  ) then
    raise exception 'release % holds % accepted and % rejected lines, its files say otherwise', release, accepted, rejected
      using errcode = 'PC500', hint = 'Run the import again; report it if this comes back.';
  end if;
end
$$;

comment on function app_private.record_dvf_sources(integer, jsonb, integer) is $$
Records the files of a loading release and checks that every line was either accepted or rejected.

`sources` is an array of {source_no, name, checksum, byte_count, dialect, line_count, accepted_count,
rejected_count}; names are as given, checksums sha256 in hex;
`repeated` is how many lines two files both brought. Must run after the lines and rejects are in.

PC500: what is stored does not add up to what the files hold.
$$;
