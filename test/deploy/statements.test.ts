import t from 'tap'
import { statements } from '../../sql/deploy/statements.ts'

t.test('a file is cut at the semicolons that end statements', async (t) => {
  const text = `-- a comment; with one
create table a (b text default 'x;y', "c;d" text);

/* one; /* nested; */ two; */
create function f() returns text language sql as $x$ select ';' $x$;
create function g() returns integer language sql
begin atomic
  select case when true then 1 else 2 end;
end;
select E'it\\'s; so', $1$ ;`
  const found = statements(text)
  t.strictSame(
    found.map(({ sql, line }) => [line, sql.split('\n')[0]?.slice(0, 17)]),
    [
      [2, 'create table a (b'],
      [4, '/* one; /* nested'],
      [6, 'create function g'],
      [10, "select E'it\\'s; s"],
    ],
  )
})

t.test('comments alone are no statement', async (t) => {
  t.strictSame(statements('-- nothing\n\n-- at all\n'), [])
})
