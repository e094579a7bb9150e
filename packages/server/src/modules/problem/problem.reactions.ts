import type { Reaction } from '../../platform/door.ts'
import { incidentBriefs } from '../incident/index.ts'
import { notify, registerNotices } from '../notification/index.ts'
import { addLink, addProblem } from './problem.service.ts'
import { linkOfIncident, lockProblem } from './problem.store.ts'

/**
 * An analysed incident leaves a problem behind: the one it says it repeats, or a new one with the root cause that was found.
 * @clause 5.8-5
 */
export const followIncident: Reaction<'incident.closed'> = async (ctx, { incidentId, mergedIntoId }) => {
  const [incident] = mergedIntoId ? [] : await incidentBriefs(ctx, [incidentId])
  const analysis = incident?.postmortem
  if (!incident || !analysis || (await linkOfIncident(ctx.db, incidentId))) return
  const before = analysis.recurrenceOf ? await lockProblem(ctx.db, analysis.recurrenceOf) : undefined
  if (before) return addLink(ctx, before, incidentId)
  const id = await addProblem(ctx, {
    title: incident.title,
    description: analysis.summary,
    nature: analysis.nature,
    rootCause: analysis.root,
  })
  const opened = await lockProblem(ctx.db, id)
  if (opened) await addLink(ctx, opened, incidentId)
}

export const registerProblemNotices = (): void =>
  registerNotices([
    {
      event: 'problem.recurred',
      topic: 'incident',
      urgency: 'HIGH',
      placeholders: ['number', 'title', 'incident', 'days'],
      zh: { title: '同根因复发：{title}', body: '{number}“{title}”的根因在 {days} 天内再次引发故障 {incident}，请检查防范措施。' },
      en: {
        title: 'The same cause again: {title}',
        body: 'The cause of {number} “{title}” brought about {incident} after {days} days. Please look at the preventive actions.',
      },
    },
  ])
export const tellRecurred: Reaction<'problem.recurred'> = async (ctx, { problemId, number, title, incidentNumber, afterDays }) => {
  await notify(ctx, {
    event: 'problem.recurred',
    to: [{ role: 'MAINTENANCE_MANAGER' }, { role: 'PROVIDER_LEADER' }],
    params: { number, title, incident: incidentNumber, days: afterDays },
    link: `/duty/problems/${problemId}`,
    dedupKey: `problem.recurred:${problemId}:${incidentNumber}`,
  })
}
