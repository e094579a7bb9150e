import { calendarApi } from '@changbai/contract/calendar.ts'
import type { Access, Reply } from '@changbai/contract/endpoint.ts'
import { frameApi } from '@changbai/contract/frame.ts'
import { incidentApi } from '@changbai/contract/incident.ts'
import { notificationApi } from '@changbai/contract/notification.ts'
import { processApi } from '@changbai/contract/process.ts'
import { loadCalendar } from '../modules/calendar/index.ts'
import { readSession } from '../modules/identity/index.ts'
import { listRunning } from '../modules/incident/index.ts'
import { myUnread } from '../modules/notification/index.ts'
import { summariseTasks } from '../modules/process/index.ts'
import { toMaintenance } from '../modules/upkeep/index.ts'
import { actorCan } from '../platform/actor.ts'
import type { Ctx } from '../platform/ctx.ts'
import { type App, mount } from '../platform/mount.ts'
import type { Runtime } from '../platform/runtime.ts'
import { fillProgress } from './demo/progress.ts'

type Frame = Reply<typeof frameApi.read>

const open = (ctx: Ctx, { access }: { access: Access }): boolean =>
  typeof access === 'object' && access.anyOf.some(({ capability, verb }) => actorCan(ctx.actor, capability, verb))

async function today(ctx: Ctx): Promise<Frame['day']> {
  const { on, kind, isWorkday, name } = (await loadCalendar(ctx)).dayAt(ctx.now.toZonedDateTimeISO('Asia/Shanghai').toPlainDate())
  return { on: on.toString(), kind, isWorkday, name }
}

const worldNow = (): Frame['world'] => {
  const progress = fillProgress()
  return progress && { share: progress.share, on: progress.on.toString() }
}

/** A page opens with one call instead of five; each part keeps the permission of its own endpoint. */
const readFrame =
  ({ gate }: Pick<Runtime, 'gate'>) =>
  async (ctx: Ctx): Promise<Frame> => ({
    session: await readSession(ctx),
    day: open(ctx, calendarApi.year) ? await today(ctx) : null,
    unread: open(ctx, notificationApi.unread) ? await myUnread(ctx) : null,
    tasks: open(ctx, processApi.taskSummary) ? await summariseTasks(ctx) : null,
    incidents: open(ctx, incidentApi.running) ? await listRunning(ctx) : null,
    maintenance: toMaintenance(gate.current()),
    world: worldNow(),
  })

export const frameRoutes = (app: App, runtime: Runtime): void => mount(app, runtime.door, frameApi.read, readFrame(runtime))
