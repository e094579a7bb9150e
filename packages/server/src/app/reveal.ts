import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { personalApi, personalProblems as problems, type RevealSubject } from '@changbai/contract/personal.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { getForm } from '../modules/admission/index.ts'
import { readCall } from '../modules/desk/index.ts'
import { findPerson, readRegistration } from '../modules/identity/index.ts'
import { getIncident } from '../modules/incident/index.ts'
import { getMigration } from '../modules/migration/index.ts'
import { getService } from '../modules/servicerequest/index.ts'
import { actorCan } from '../platform/actor.ts'
import type { Ctx } from '../platform/ctx.ts'
import { fail } from '../platform/fail.ts'
import { type App, mount } from '../platform/mount.ts'
import type { Runtime } from '../platform/runtime.ts'

/** What the page of each subject would show, under the permission of that page, before the door masks it. */
const PAGES: Readonly<Record<RevealSubject, (ctx: Ctx, id: string) => Promise<unknown>>> = {
  person: async (ctx, id) => {
    if (!actorCan(ctx.actor, 'iam.directory', 'R')) fail(commonProblems.notFound)
    const person = await findPerson(ctx, id)
    return person && { phone: person.phone, email: person.email }
  },
  incident: (ctx, incidentId) => getIncident(ctx, { incidentId }),
  call: readCall,
  registration: readRegistration,
  form: (ctx, formId) => getForm(ctx, { formId }),
  'service-request': (ctx, requestId) => getService(ctx, { requestId }),
  migration: (ctx, migrationId) => getMigration(ctx, { migrationId }),
}
/** Of each page only what tells how somebody is reached: no other field is asked for in this way. */
const FIELDS: Readonly<Record<RevealSubject, RegExp>> = {
  person: /^(phone|email)$/,
  incident: /^reporterPhone$/,
  call: /^phone$/,
  registration: /^(pm|tl)\.(phone|email)$/,
  form: /^content\.(phone|contactPhone)$/,
  'service-request': /^contact$/,
  migration: /^plan\.contacts\.\d{1,2}\.phone$/,
}

const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (inside, name) =>
        typeof inside === 'object' && inside !== null && Object.hasOwn(inside, name)
          ? (inside as Record<string, unknown>)[name]
          : undefined,
      value,
    )

type Api = typeof personalApi
async function revealContact(ctx: Ctx, { subject, id, field, reason }: Input<Api['reveal']>): Promise<Reply<Api['reveal']>> {
  if (!FIELDS[subject].test(field)) fail(problems.nothing)
  const value = at(await PAGES[subject](ctx, id), field)
  if (typeof value !== 'string' || value === '') fail(problems.nothing)
  await ctx.record({ kind: 'personal.revealed', subject: { type: subject, id }, data: { field, reason } })
  return { value, at: ctx.now.toString() }
}

export const revealRoutes = (app: App, { door }: Runtime): void => mount(app, door, personalApi.reveal, revealContact)
