import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import type { Impact, ImpactNode } from '@changbai/contract/inventory.ts'
import { findItemsByWord, impactOf } from '../../modules/inventory/index.ts'
import { systemActor } from '../../platform/actor.ts'
import { type Command, languageOf, print, printJson, UsageError } from './command.ts'
import { withServer } from './data.ts'

const usage = `usage: changbai impact CI [--up] [--hops 5] [--lang zh|en] [--json]

What follows if one thing is lost, or with --up what it needs, nearest first. CI is an id, a name, or the code of an application.
  LOST      something it needs is gone and nothing stands in for it
  WEAKENED  a stand-in is left ("2/3": two of three), or what it needs is weakened
  VITAL     with --up: its loss alone would take the thing down
  SPARE     with --up: something stands in for it
  --hops    how many steps, 1 to 8
The first 300 are listed; the counts are of all. Needs the database: DATABASE_URL, or the embedded one.`

const WORDS = {
  LOST: ['中断', 'LOST'],
  WEAKENED: ['冗余降低', 'WEAKENED'],
  VITAL: ['无可替代', 'VITAL'],
  SPARE: ['有替代', 'SPARE'],
} as const

const standing = ({ bundle, up, members }: ImpactNode): string =>
  bundle !== '' && up !== null && members !== null ? ` ${up}/${members}` : ''

function tell(impact: Impact, word: 0 | 1): void {
  print(`${impact.start.type} ${impact.start.name}`)
  for (const node of impact.nodes) print(`${'  '.repeat(node.hop)}${WORDS[node.effect][word]}${standing(node)}  ${node.type} ${node.name}`)
  print(
    impact.counts.map(({ type, effect, count }) => `${type} ${WORDS[effect][word]} ${count}`).join(' · ') ||
      (word === 0 ? '无' : 'nothing'),
  )
}

export const command: Command = {
  usage,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        up: { type: 'boolean', default: false },
        hops: { type: 'string', default: '5' },
        lang: { type: 'string', default: 'zh' },
        json: { type: 'boolean', default: false },
      },
    })
    const [ci, ...rest] = positionals
    if (ci === undefined || rest.length > 0) throw new UsageError('impact takes one thing: an id, a name, or the code of an application')
    if (!/^[1-8]$/.test(values.hops)) throw new UsageError(`--hops is 1 to 8, not ${JSON.stringify(values.hops)}`)
    const language = languageOf(values.lang)
    const actor = systemActor(`command line (${userInfo().username})`)
    return withServer((server) =>
      server.runtime.door.enter({ actor, readOnly: true }, async (ctx) => {
        const found = await findItemsByWord(ctx, ci)
        const [one] = found
        if (!one) throw new UsageError(`there is nothing called ${JSON.stringify(ci)}`)
        if (found.length > 1)
          throw new UsageError(`${JSON.stringify(ci)} is several things: ${found.map(({ type, id }) => `${type} ${id}`).join(', ')}`)
        const impact = await impactOf(ctx, one.id, values.up ? 'UP' : 'DOWN', Number(values.hops))
        if (values.json) printJson(impact)
        else tell(impact, language === 'zh' ? 0 : 1)
        return 0
      }),
    )
  },
}
