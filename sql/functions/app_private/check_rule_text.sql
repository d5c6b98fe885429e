-- Not a parser: it only makes sure that the text cannot end where it is put. What the text does is read from the tree
-- PostgreSQL makes of it (refuse_unsafe_rule).

create function app_private.check_rule_text(rule_text text, what text)
returns void
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
  -- Every literal and quoted name becomes empty; a quote that is left over belongs to nothing.
  bare text := regexp_replace(rule_text, '''[^'']*''|"[^"]*"', '''''', 'g');
  depth integer := 0;
  letter text;
  problem text := case
    when btrim(rule_text) = '' then 'is empty'
    when length(rule_text) > 10000 then 'has more than 10000 characters'
    when position(';' in bare) > 0 then 'holds a semicolon: one statement only'
    when bare ~ '--|/\*|\*/' then 'holds a comment'
    when position('$' in bare) > 0 then 'holds a dollar sign'
    when position('\' in bare) > 0 then 'holds a backslash outside a text'
    when bare ~ '[[:alnum:]_&]''''' then 'holds a text with a prefix (E''…'', U&''…''), or no space before a text'
    when bare ~ '"' or replace(bare, '''''', '') ~ '''' then 'holds a quote without its end'
  end;
begin
  foreach letter in array regexp_split_to_array(regexp_replace(bare, '[^][()]', '', 'g'), '') loop
    depth := depth + case when letter in ('(', '[') then 1 when letter in (')', ']') then -1 else 0 end;
    exit when depth < 0;
  end loop;
  problem := coalesce(problem, case when depth <> 0 then 'has brackets that do not match' end);
  if problem is not null then
    raise exception '% %', what, problem
      using errcode = 'PC400', hint = 'Write one plain SQL condition or query, texts in single quotes.';
  end if;
end
$$;

comment on function app_private.check_rule_text(text, text) is $$
Makes sure that the text of a rule is one piece of SQL that ends where it ends: quotes and brackets match, no
semicolon, no comment, no other kind of quote. `what` begins the message.

PC400: it is not.
$$;
