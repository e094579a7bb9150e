import { systemActor } from '../../platform/actor.ts'
import { type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { prepareDelivery, settleDelivery } from './delivery.service.ts'
import { type Sent, send } from './transport/send.ts'

/** Tries after the first, from 5 s doubling: the last about ten minutes after the first. */
const RETRIES = 7

export const notificationJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'notice.deliver',
    retries: RETRIES,
    concurrency: 4,
    async handler({ deliveryId }, { attempt, signal }) {
      const { door, publicUrl } = runtime()
      const actor = systemActor('notification')
      const dispatch = await door.enter({ actor }, (ctx) => prepareDelivery(ctx, deliveryId, publicUrl))
      if (!dispatch) return
      const { settings, secret, message } = dispatch
      let sent: Sent
      try {
        sent = await send(settings, secret, message, door.clock(), signal)
      } catch (error) {
        const isLast = attempt >= RETRIES
        await door.enter({ actor }, (ctx) => settleDelivery(ctx, deliveryId, { sent: null, error: reasonOf(error), isLast }))
        if (isLast) return
        throw error
      }
      await door.enter({ actor }, (ctx) => settleDelivery(ctx, deliveryId, { sent }))
    },
  }),
]

/** fetch hides why a connection failed in its cause. */
const reasonOf = (error: unknown): string => {
  const { message, cause } = error as { message?: string; cause?: { message?: string; code?: string } }
  return [message, cause?.code ?? cause?.message].filter(Boolean).join(': ') || String(error)
}
