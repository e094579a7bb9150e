import { ldapApi } from '@changbai/contract/ldap.ts'
import { systemActor } from '../../platform/actor.ts'
import { type JobKind, jobKind } from '../../platform/jobs.ts'
import { type App, mount, mountInSteps } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { ignoreEntry, previewSync, readLdap, readLdapAccounts, releaseEntry, syncLdap, takeOnEntries } from './ldap.service.ts'

export function ldapRoutes(app: App, { door, ldap }: Runtime): void {
  mount(app, door, ldapApi.state, readLdap(ldap))
  mount(app, door, ldapApi.accounts, readLdapAccounts)
  mountInSteps(app, door, ldapApi.preview, previewSync(ldap))
  mountInSteps(app, door, ldapApi.sync, (step, { confirmLeavers }) => syncLdap(ldap, step, { cause: 'ASKED', confirmLeavers }))
  mount(app, door, ldapApi.takeOn, takeOnEntries)
  mount(app, door, ldapApi.ignore, ignoreEntry)
  mount(app, door, ldapApi.release, releaseEntry)
}

/** Every night; without a directory there is nothing to do. What failed is written down and told, and tried again the next night. */
export const ldapJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'identity.ldap-sync',
    retries: 0,
    handler: async () => {
      const { door, ldap } = runtime()
      if (!ldap) return
      await syncLdap(ldap, (run) => door.enter({ actor: systemActor('directory') }, run), { cause: 'NIGHTLY', confirmLeavers: false })
    },
  }),
]
