import type pg from 'pg'
import { Failure } from '../../failure.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** What `--session-id` takes, for help texts. */
export const sessionIdHelp = 'id, number or name of the session, or "last"'

/**
 * The id of the session that is meant: by its id, its number, its name (the newest of that name), or "last" for the
 * newest of all. Throws a Failure when there is none.
 */
export async function findSession(client: pg.ClientBase, said: string): Promise<string> {
  const number = /^\d{1,9}$/.test(said) ? Number(said) : null
  const { rows } = await client.query<{ id: string }>(
    `select s.id from app_public.scrape_sessions as s
     where case
       when $2::uuid is not null then s.id = $2
       when $3::integer is not null and s.session_no = $3 then true
       else s.name = $1 or $1 = 'last' and s.kind = 'report'
     end
     order by s.session_no = $3 desc nulls last, s.session_no desc limit 1`,
    [said, uuid.test(said) ? said : null, number],
  )
  const id = rows[0]?.id
  if (id === undefined) {
    throw new Failure(`there is no session ${said}`, { hint: 'List them with: parcelle list-sessions' })
  }
  return id
}
