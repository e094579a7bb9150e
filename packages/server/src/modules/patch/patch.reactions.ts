import { reaches, scopeOf } from '../../platform/actor.ts'
import type { Reaction } from '../../platform/door.ts'
import { applicationsById } from '../inventory/index.ts'
import { notify, registerNotices } from '../notification/index.ts'
import { roundsBetween, targetsOf } from './patch.store.ts'

export const registerPatchNotices = (): void =>
  registerNotices([
    {
      event: 'patch.planned',
      topic: 'task',
      urgency: 'NORMAL',
      placeholders: ['number', 'title', 'at', 'application'],
      zh: { title: '补丁批次：{title}', body: '{application} 的服务器将于 {at} 打补丁（{number}）。如不合适，请在窗口前联系运维管理员。' },
      en: {
        title: 'Patches: {title}',
        body: 'Servers of {application} are patched on {at} ({number}). If this does not suit, tell the maintenance manager before.',
      },
    },
  ])

export const tellPatchPlanned: Reaction<'patch.planned'> = async (ctx, { roundId, number, title, windowFrom, applicationIds }) => {
  const applications = await applicationsById(ctx, applicationIds)
  const at = Temporal.Instant.from(windowFrom)
    .toZonedDateTimeISO('Asia/Shanghai')
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
    .replace('T', ' ')
  for (const { id, name, tenantId } of applications.values())
    await notify(ctx, {
      event: 'patch.planned',
      to: [{ role: 'APP_PROJECT_MANAGER', tenantId, applicationId: id }],
      params: { number, title, at, application: name },
      link: `/duty/patches/${roundId}`,
      tenantId,
      dedupKey: `patch.planned:${roundId}:${id}`,
    })
}

/** Rounds stand in the calendar of changes; a bureau sees those that touch its servers, with its own applications. */
export const addPatchRounds: Reaction<'change.calendar-asked'> = async (ctx, asked) => {
  const scope = scopeOf(ctx.actor, 'patch.read', 'R', 'r')
  const rounds = await roundsBetween(ctx.db, asked.from, asked.to)
  const targets = Map.groupBy(
    await targetsOf(
      ctx.db,
      rounds.map((row) => row.id),
    ),
    (target) => target.round_id,
  )
  for (const row of rounds) {
    const own = (targets.get(row.id) ?? []).filter(
      (one) => scope.all || reaches(scope, { tenantId: one.tenant_id, applicationId: one.application_id }),
    )
    if (own.length === 0) continue
    asked.entries.push({
      kind: 'PATCH',
      id: row.id,
      title: row.title,
      number: row.number,
      from: row.window_from.toString(),
      to: row.window_to.toString(),
      status: row.state,
      category: null,
      applications: [...new Set(own.map((one) => one.application_name).filter(Boolean))],
      conflicts: asked.changes
        .filter(
          (change) =>
            Temporal.Instant.compare(change.from, row.window_to) < 0 &&
            Temporal.Instant.compare(change.to, row.window_from) > 0 &&
            own.some((one) => change.ciIds.includes(one.server_id)),
        )
        .map((change) => change.number),
    })
  }
}
