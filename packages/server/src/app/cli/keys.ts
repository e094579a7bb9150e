import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { systemActor } from '../../platform/actor.ts'
import { resealAll, sealedCounts } from '../../platform/reseal.ts'
import { sealedPlaces } from '../sealed.ts'
import { type Command, print, printJson, UsageError } from './command.ts'
import { withServer } from './data.ts'

const VERBS = ['status', 'rotate', 'reseal']

export const command: Command = {
  usage: `usage: changbai keys status [--json]
       changbai keys rotate [--json]
       changbai keys reseal [--json]

status: which data keys there are, and how many values of each encrypted column each of them sealed. Exit code 1 while a value is not
sealed by the key of today. rotate: makes the next key, kept by the provider of CRYPTO, and seals every value anew while the product goes
on working. reseal: only the second half; ended anywhere, it goes on where it was. Old keys stay: backups need them.
Needs the database: DATABASE_URL, or the embedded one.`,
  async run(args) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: 'boolean', default: false } } })
    const [verb = '', ...rest] = positionals
    if (!VERBS.includes(verb) || rest.length > 0) throw new UsageError(`keys knows: ${VERBS.join(', ')}`)
    const actor = systemActor(`command line (${userInfo().username})`)
    const answer = await withServer(async ({ runtime: { door, crypto } }) => {
      if (verb === 'rotate') {
        await door.enter({ actor }, async (ctx) => {
          const { sealId } = await crypto.ring.rotate(ctx.db, ctx.now)
          await ctx.record({
            kind: 'keys.rotated',
            subject: { type: 'data-key', id: sealId },
            data: { signature: crypto.signatureAlgorithm },
          })
        })
        await crypto.ring.reload()
      }
      const resealed = verb === 'status' ? null : await resealAll(door.db, crypto, sealedPlaces)
      if (resealed && Object.keys(resealed.done).length > 0)
        await door.enter({ actor }, (ctx) =>
          ctx.record({ kind: 'keys.resealed', subject: { type: 'data-key', id: crypto.ring.sealsWith }, data: resealed }),
        )
      return door.enter({ actor, readOnly: true }, async (ctx) => ({
        sealsWith: crypto.ring.sealsWith,
        keys: (await ctx.db.selectFrom('data_key').selectAll().orderBy('made_at').orderBy('id').execute()).map((key) => ({
          id: key.id,
          purpose: key.purpose,
          provider: key.provider,
          cipher: key.cipher,
          madeAt: key.made_at.toString(),
          retiredAt: key.retired_at?.toString() ?? null,
        })),
        columns: await sealedCounts(ctx.db, sealedPlaces),
        ...(resealed ? { resealed } : {}),
      }))
    })
    const isWhole = answer.columns.every(({ byKey }) => Object.keys(byKey).every((key) => key === answer.sealsWith))
    if (values.json) printJson({ ...answer, isWhole })
    else {
      for (const { id, provider, cipher, madeAt, retiredAt } of answer.keys)
        print([id, provider, cipher, madeAt, retiredAt ? `retired ${retiredAt}` : 'in use'].join('\t'))
      for (const { place, byKey } of answer.columns)
        print([place, ...Object.entries(byKey).map(([key, rows]) => `${key === '' ? 'not sealed' : key}: ${rows}`)].join('\t'))
    }
    return isWhole ? 0 : 1
  },
}
