-- Most texts are tidy already, and four searches for bytes cost less than one regular expression. Written as one
-- expression, so that the planner puts it in place of the call.

create function app_private.tidy(text)
returns text
language sql
immutable
parallel safe
as $$
  select case
    when $1 = '' then null
    when $1 not like '%  %' and $1 not like U&'%\00a0%' and $1 not like U&'%\202f%' and $1 not like E'%\n%'
      and $1 not like E'%\t%' and $1 not like E'%\r%' and $1 not like ' %' and $1 not like '% ' then $1
    else app_private.collapse_spaces($1)
  end
$$;

comment on function app_private.tidy(text) is $$
A text without white space at its ends and with single spaces inside; null when nothing is left.

    select app_private.tidy('  12  rue de la Paix ');  -- 12 rue de la Paix
$$;
