import { notificationApi } from '@changbai/contract/notification.ts'
import type { Locale } from '../../platform/ctx.ts'
import { subjectsTouched } from '../../platform/ledger/index.ts'
import { type App, mountEvents } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { toNotice } from './inbox.service.ts'
import { countUnread, recipientsAmong } from './notice.store.ts'
import { LIVE_END, LIVE_NOTICE, LIVE_UNREAD } from './notify.ts'

/** How often lists on screen may learn that something of theirs has changed, and how far each look goes back: longer, so that none is missed. */
const LOOK_SECONDS = 5
const LOOK_BACK_SECONDS = 9

interface Listener {
  locale: Locale
  send(event: string, data: unknown): void
}

/** Live inbox: each process hears of every new notice by NOTIFY and looks up which of the people connected to it are told. */
export function mountStream(app: App, { door, live, log }: Runtime): void {
  const listeners = new Map<string, Set<Listener>>()
  const all = () => [...listeners.values()].flatMap((set) => [...set])
  const guard = (work: Promise<void>) => work.catch((err) => log.warn({ err }, 'live notices'))

  const sendUnread = async (personId: string) => {
    const here = listeners.get(personId)
    if (!here) return
    const counts = await door.db.transaction().execute((db) => countUnread(db, personId))
    for (const listener of here) listener.send('unread', counts)
  }
  const sendNotice = async (noticeId: string) => {
    if (listeners.size === 0) return
    const rows = await door.db.transaction().execute((db) => recipientsAmong(db, noticeId, [...listeners.keys()]))
    for (const row of rows) {
      for (const listener of listeners.get(row.person_id) ?? []) listener.send('notice', toNotice(row, listener.locale))
      await sendUnread(row.person_id)
    }
  }
  // one small look for all who watch, instead of a NOTIFY with every command: that would queue all commits of the database
  const tellTouched = async () => {
    if (listeners.size === 0) return
    const subjects = await door.db.transaction().execute((db) => subjectsTouched(db, LOOK_BACK_SECONDS))
    if (subjects.length > 0) for (const listener of all()) listener.send('changed', { subjects })
  }
  const looking = setInterval(() => void guard(tellTouched()), LOOK_SECONDS * 1000)
  looking.unref()
  // an empty payload: the connection to the database was broken and something may have been missed
  const lookAgain = () => {
    for (const listener of all()) listener.send('look-again', {})
  }
  // the account is closed: the page asks anew and is told to sign in; nothing more is sent
  const endPerson = (personId: string) => {
    for (const listener of listeners.get(personId) ?? []) listener.send('look-again', {})
    listeners.delete(personId)
  }
  const stop = [
    live.listen(LIVE_NOTICE, (noticeId) => (noticeId ? void guard(sendNotice(noticeId)) : lookAgain())),
    live.listen(LIVE_END, endPerson),
    live.listen(LIVE_UNREAD, (personId) => (personId ? void guard(sendUnread(personId)) : undefined)),
  ]
  app.addHook('onClose', async () => {
    clearInterval(looking)
    for (const end of stop) end()
  })

  mountEvents(app, door, notificationApi.stream, (actor, _input, stream) => {
    const { personId } = actor
    if (!personId) return
    const listener: Listener = { locale: stream.locale, send: stream.send }
    const here = listeners.get(personId) ?? new Set()
    listeners.set(personId, here.add(listener))
    stream.closed.addEventListener('abort', () => {
      here.delete(listener)
      if (here.size === 0 && listeners.get(personId) === here) listeners.delete(personId)
    })
    void guard(sendUnread(personId))
  })
}
