import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { parseMoment } from '../../modules/calendar/offline.ts'
import { onDutyAt, pagingSteps } from '../../modules/duty/index.ts'
import { findPerson, personNames } from '../../modules/identity/index.ts'
import { systemActor } from '../../platform/actor.ts'
import { type Command, languageOf, print, printJson, UsageError } from './command.ts'
import { withServer } from './data.ts'

const usage = `usage: changbai duty --at INSTANT [--lang zh|en] [--json]

Who is on duty at an instant, in paging order: the desk while it is open, the mobile line, the maintenance managers, the provider's leaders.
An instant without a zone is Asia/Shanghai. Exit code 1: nobody is on duty.`

const WORDS = {
  DESK_5X8: ['热线座席', 'hotline desk'],
  MOBILE_7X24: ['移动热线', 'mobile line'],
  PRIMARY: ['主班', 'primary'],
  BACKUP: ['备班', 'backup'],
  MANAGER: ['运维管理员', 'maintenance manager'],
  LEADER: ['业务主管领导', "provider's leader"],
} as const

export const command: Command = {
  usage,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: { at: { type: 'string' }, lang: { type: 'string', default: 'zh' }, json: { type: 'boolean', default: false } },
    })
    const language = languageOf(values.lang)
    if (values.at === undefined) throw new UsageError('--at is missing')
    let at: Temporal.Instant
    try {
      at = parseMoment(values.at)
    } catch (error) {
      if (error instanceof RangeError) throw new UsageError(`--at: ${error.message}`)
      throw error
    }
    const actor = systemActor(`command line (${userInfo().username})`)
    return withServer((server) =>
      server.runtime.door.enter({ actor, readOnly: true }, async (ctx) => {
        const lines = await onDutyAt(ctx, at)
        const steps = await pagingSteps(ctx, at)
        const names = await personNames(
          ctx,
          steps.map((step) => step.personId),
        )
        const people = await Array.fromAsync(steps, async (step, index) => ({
          order: index + 1,
          line: step.line,
          place: step.place,
          name: names.get(step.personId) ?? '',
          phone: (await findPerson(ctx, step.personId))?.phone ?? null,
        }))
        const shown = lines.map(({ line, open, phone, shift }) => ({
          line,
          open,
          phone,
          primary: shift?.primary.name ?? null,
          backup: shift?.backup.name ?? null,
          until: shift?.endsAt ?? null,
        }))
        const isEmpty = !lines.some((line) => line.shift)
        if (values.json) {
          printJson({ at: at.toString(), lines: shown, pagingOrder: people })
          return isEmpty ? 1 : 0
        }
        const word = language === 'zh' ? 0 : 1
        for (const { order, line, place, name, phone } of people)
          print(
            `${order}  ${line && line !== 'FACILITY_7X24' ? `${WORDS[line][word]} ` : ''}${WORDS[place][word]}  ${name}  ${phone ?? '-'}`,
          )
        if (isEmpty) print(word === 0 ? '此刻无人值班' : 'nobody is on duty')
        return isEmpty ? 1 : 0
      }),
    )
  },
}
