import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { withDatabase } from '../../server/postgres/house.ts'
import { deploy } from '../../sql/deploy/deploy.ts'
import { ask, freshConfig, killIfThere, postmaster, silent } from '../server/postgres/lib.ts'

t.setTimeout(120_000)

t.test('a crash soon after the first deploy brings no number back', async (t) => {
  const config = freshConfig(t)
  await withDatabase(config, silent, async ({ ownerUrl }) => {
    await deploy({ url: ownerUrl })
    const add = (code: string) =>
      ask<{ id: number }>(ownerUrl, `select id from app_public.add_source('${code}', '${code}')`)
    const [before] = await add('before-the-crash')
    killIfThere(postmaster(config.dataDir) ?? 0)
    const [after] = await (async () => {
      for (let attempt = 0; ; attempt++) {
        try {
          return await add('after-the-crash')
        } catch (error) {
          if (attempt > 100 || (error as { code?: string }).code === 'PC409') throw error
          await sleep(200)
        }
      }
    })()
    t.ok((after?.id ?? 0) > (before?.id ?? 0), `${after?.id} after ${before?.id}`)
  })
})
