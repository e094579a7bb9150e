import { accessApi } from '@changbai/contract/access.ts'
import { registrationApi } from '@changbai/contract/registration.ts'
import { systemActor } from '../../platform/actor.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import { type App, mount } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { lookLink, renewLink, useLink } from './entry-link.service.ts'
import { handOver, readHandOver } from './leaver.service.ts'
import { addAddress, readPolicy, removeAddress, setPolicy } from './policy.service.ts'
import { inviteBureau, readRegistrations, refuseRegistration, registerBureau, takeOnRegistration } from './registration.service.ts'
import {
  confirmReview,
  decideReviewItem,
  lapseUnreviewed,
  openQuarterlyReview,
  openReview,
  readReviewItems,
  readReviews,
} from './review.service.ts'
import { endStaleSessions, LIVE_ACCESS } from './session.service.ts'
import { endOtherSignIns, endSignIn, readMySignIns, readSignIns } from './sign-ins.service.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'identity.open-review': Record<string, never>
    'identity.lapse': Record<string, never>
    'identity.end-stale': Record<string, never>
  }
}

export function accessRoutes(app: App, { door, live }: Runtime): void {
  // an empty payload: the connection was broken, anybody's rights may have changed meanwhile
  const unlisten = live.listen(LIVE_ACCESS, (personId) => {
    for (const stream of app.streams) if (!personId || stream.personId === personId) stream.recheck()
  })
  app.addHook('onClose', async () => unlisten())
  mount(app, door, registrationApi.register, registerBureau)
  mount(app, door, registrationApi.registrations, readRegistrations)
  mount(app, door, registrationApi.takeOn, takeOnRegistration)
  mount(app, door, registrationApi.refuse, refuseRegistration)
  mount(app, door, registrationApi.invite, inviteBureau)
  mount(app, door, registrationApi.renewLink, renewLink)
  mount(app, door, registrationApi.lookLink, lookLink)
  mount(app, door, registrationApi.useLink, useLink)
  mount(app, door, accessApi.signIns, readSignIns)
  mount(app, door, accessApi.mySignIns, readMySignIns)
  mount(app, door, accessApi.endSignIn, endSignIn)
  mount(app, door, accessApi.endOtherSignIns, endOtherSignIns)
  mount(app, door, accessApi.handOverPreview, readHandOver)
  mount(app, door, accessApi.handOver, handOver)
  mount(app, door, accessApi.policy, readPolicy)
  mount(app, door, accessApi.setPolicy, setPolicy)
  mount(app, door, accessApi.addAddress, addAddress)
  mount(app, door, accessApi.removeAddress, removeAddress)
  mount(app, door, accessApi.reviews, readReviews)
  mount(app, door, accessApi.openReview, openReview)
  mount(app, door, accessApi.reviewItems, readReviewItems)
  mount(app, door, accessApi.decideItem, decideReviewItem)
  mount(app, door, accessApi.confirmReview, confirmReview)
}

export const accessJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'identity.open-review',
    handler: async () => {
      await runtime().door.enter({ actor: systemActor('access-review') }, openQuarterlyReview)
    },
  }),
  jobKind({
    name: 'identity.lapse',
    handler: async () => {
      await runtime().door.enter({ actor: systemActor('access-review') }, lapseUnreviewed)
    },
  }),
  jobKind({
    name: 'identity.end-stale',
    handler: async () => {
      await runtime().door.enter({ actor: systemActor('sessions') }, endStaleSessions)
    },
  }),
]

export const identityCron: CronLine[] = [
  cronLine({ job: 'identity.open-review', cron: '30 8 1 1,4,7,10 *', payload: {}, clause: '3.2.1-(1)' }),
  cronLine({ job: 'identity.lapse', cron: '5 * * * *', payload: {}, clause: '3.2.1-(1)' }),
  cronLine({ job: 'identity.end-stale', cron: '* * * * *', payload: {} }),
  cronLine({ job: 'identity.ldap-sync', cron: '40 1 * * *', payload: {} }),
]
