import { identityApi } from '@changbai/contract/identity.ts'
import { type App, mount, mountInSteps } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { accessRoutes } from './access.routes.ts'
import { delegateRole, endDelegation, readDelegations } from './delegation.service.ts'
import { approveGrant, proposeGrant, readGrants, rejectGrant, withdrawGrant } from './grant.service.ts'
import { ldapRoutes } from './ldap.routes.ts'
import { signInWith, withPassword } from './ldap.sign-in.ts'
import { changeContact, createPerson, disablePerson, enablePerson, readDirectory, readPeople, resetPassword } from './people.service.ts'
import {
  confirmSecondFactor,
  disableSecondFactor,
  enrolSecondFactor,
  renewRecoveryCodes,
  resetSecondFactor,
} from './second-factor.service.ts'
import { readSetUp, setUp } from './set-up.service.ts'
import { changePassword, keepTour, readSession, setLocale, signIn, signOut } from './sign-in.service.ts'
import { singleSignOnRoutes } from './single-sign-on.routes.ts'
import { createTenant, readTenants } from './tenant.service.ts'

export function identityRoutes(app: App, runtime: Runtime): void {
  const { door, ldap } = runtime
  if (ldap) mountInSteps(app, door, identityApi.signIn, signInWith(ldap))
  else mount(app, door, identityApi.signIn, signIn)
  mount(app, door, identityApi.session, readSession)
  mount(app, door, identityApi.signOut, signOut)
  mount(app, door, identityApi.changePassword, changePassword)
  mountInSteps(app, door, identityApi.enrolSecondFactor, withPassword(ldap, enrolSecondFactor))
  mount(app, door, identityApi.confirmSecondFactor, confirmSecondFactor)
  mountInSteps(app, door, identityApi.renewRecoveryCodes, withPassword(ldap, renewRecoveryCodes))
  mountInSteps(app, door, identityApi.disableSecondFactor, withPassword(ldap, disableSecondFactor))
  mount(app, door, identityApi.resetSecondFactor, resetSecondFactor)
  mount(app, door, identityApi.setLocale, setLocale)
  mount(app, door, identityApi.keepTour, keepTour)
  mount(app, door, identityApi.setUpState, readSetUp)
  mount(app, door, identityApi.setUp, setUp)
  mount(app, door, identityApi.people, readPeople)
  mount(app, door, identityApi.directory, readDirectory)
  mount(app, door, identityApi.createPerson, createPerson)
  mount(app, door, identityApi.changeContact, changeContact)
  mount(app, door, identityApi.disablePerson, disablePerson)
  mount(app, door, identityApi.enablePerson, enablePerson)
  mount(app, door, identityApi.resetPassword, resetPassword)
  mount(app, door, identityApi.grants, readGrants)
  mount(app, door, identityApi.proposeGrant, proposeGrant)
  mount(app, door, identityApi.approveGrant, approveGrant)
  mount(app, door, identityApi.rejectGrant, rejectGrant)
  mount(app, door, identityApi.withdrawGrant, withdrawGrant)
  mount(app, door, identityApi.tenants, readTenants)
  mount(app, door, identityApi.createTenant, createTenant)
  mount(app, door, identityApi.delegations, readDelegations)
  mount(app, door, identityApi.delegate, delegateRole)
  mount(app, door, identityApi.endDelegation, endDelegation)
  singleSignOnRoutes(app, runtime)
  ldapRoutes(app, runtime)
  accessRoutes(app, runtime)
}
