-- Most texts are tidy already. Written as one expression, so that the planner puts it in place of the call.

create function app_private.tidy(text)
returns text
language sql
immutable
parallel safe
as $$
  select case when $1 ~ '^$|^ | $|  |[\t\n\r\u00a0\u202f]' then app_private.collapse_spaces($1) else $1 end
$$;

comment on function app_private.tidy(text) is $$
A text without white space at its ends and with single spaces inside; null when nothing is left.

    select app_private.tidy('  12  rue de la Paix ');  -- 12 rue de la Paix
$$;
