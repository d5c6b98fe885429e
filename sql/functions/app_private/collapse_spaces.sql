-- No-break spaces are no white space to every C library, so they are named. The subquery keeps the planner from
-- inlining what hardly a row needs.

create function app_private.collapse_spaces(text)
returns text
language sql
immutable
strict
parallel safe
as $$
  select nullif(btrim(g.words), '')
  from (
    select regexp_replace($1, '[\s\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]+', ' ', 'g') as words offset 0
  ) as g
$$;

comment on function app_private.collapse_spaces(text) is $$
A text with every run of white space (line ends, no-break, thin and zero-width spaces too) as one space, none at its
ends; null when nothing is left. See tidy, which calls it where there is something to do.
$$;
