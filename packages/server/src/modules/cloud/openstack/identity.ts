import { CallEnded } from './answer.ts'
import { idOf, type Maker, present, record, records, type Seen, str } from './maker.ts'
import type { Session } from './session.ts'

const enc = encodeURIComponent

/** Names are unique in a domain, so a name taken by something without our key is a conflict for people, never adopted. */
function ours(rows: Record<string, unknown>[], key: string, what: string): Seen[] {
  const foreign = rows.find((row) => str(row.description) !== key)
  if (foreign)
    throw new CallEnded({ is: 'refused', status: 409, message: `a ${what} named ${str(foreign.name)} exists already and is not ours` })
  return rows.map((row) => present(str(row.id)))
}

async function roleId(session: Session, name: string, signal: AbortSignal): Promise<string> {
  const answer = await session.call('GET', 'identity', `/roles?name=${enc(name)}`, signal)
  const [role] = records(record(answer.body).roles)
  if (!role) throw new CallEnded({ is: 'refused', status: 404, message: `identity has no role ${name}` })
  return str(role.id)
}

const grant = async (session: Session, project: string, user: string, role: string, signal: AbortSignal): Promise<void> => {
  await session.call('PUT', 'identity', `/projects/${project}/users/${user}/roles/${await roleId(session, role, signal)}`, signal)
}

export const project: Maker<'project'> = {
  async find(session, { want, key }, signal) {
    const domain = session.settings.tenantDomainId
    const answer = await session.call('GET', 'identity', `/projects?name=${enc(want.name)}&domain_id=${enc(domain)}`, signal)
    return ours(records(record(answer.body).projects), key, 'project')
  },
  async make(session, { want, key }, signal) {
    const body = { project: { name: want.name, domain_id: session.settings.tenantDomainId, description: key, enabled: true } }
    const answer = await session.call('POST', 'identity', '/projects', signal, { body })
    return present(str(record(record(answer.body).project).id))
  },
  /** We work inside the project with a token of its own, so our user needs a role there. */
  async finish(session, _asking, seen, signal) {
    await grant(session, seen.id, await session.userId(signal), session.settings.adminRole, signal)
    return seen
  },
  async remove(session, _asking, id, signal) {
    await session.call('DELETE', 'identity', `/projects/${id}`, signal, { allow: [404] })
  },
}

export const user: Maker<'user'> = {
  async find(session, { want, key }, signal) {
    const domain = session.settings.tenantDomainId
    const answer = await session.call('GET', 'identity', `/users?name=${enc(want.name)}&domain_id=${enc(domain)}`, signal)
    return ours(records(record(answer.body).users), key, 'user')
  },
  async make(session, { want, key, secret }, signal) {
    const body = {
      user: { name: want.name, domain_id: session.settings.tenantDomainId, description: key, enabled: true, password: secret },
    }
    const answer = await session.call('POST', 'identity', '/users', signal, { body })
    return present(str(record(record(answer.body).user).id))
  },
  /** An adopted user may have been made by an attempt whose answer was lost; the password is set to the one we keep. */
  async finish(session, asking, seen, signal) {
    if (asking.externalId === null && asking.secret)
      await session.call('PATCH', 'identity', `/users/${seen.id}`, signal, { body: { user: { password: asking.secret } } })
    await grant(session, idOf(asking, asking.want.project), seen.id, session.settings.memberRole, signal)
    return { ...seen, facts: { userName: asking.want.name } }
  },
  async remove(session, _asking, id, signal) {
    await session.call('DELETE', 'identity', `/users/${id}`, signal, { allow: [404] })
  },
}
