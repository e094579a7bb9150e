import { notificationApi as api } from '@changbai/contract/notification.ts'
import { type App, mount } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { decideChannel, proposeChannel, readChannels, retireChannel, testChannel } from './channel.service.ts'
import { readDeliveries, retryDelivery } from './delivery.service.ts'
import { acknowledgeNotice, myInbox, myPreference, myUnread, readNotices, saveMyPreference } from './inbox.service.ts'
import { takeReceipts } from './receipt.service.ts'
import { mountStream } from './stream.ts'
import { decideTemplate, proposeTemplate, readTemplates } from './template.service.ts'

export function notificationRoutes(app: App, runtime: Runtime): void {
  const { door } = runtime
  mount(app, door, api.inbox, myInbox)
  mount(app, door, api.unread, myUnread)
  mount(app, door, api.markRead, readNotices)
  mount(app, door, api.acknowledge, acknowledgeNotice)
  mount(app, door, api.preference, myPreference)
  mount(app, door, api.savePreference, saveMyPreference)
  mount(app, door, api.deliveries, readDeliveries)
  mount(app, door, api.retryDelivery, retryDelivery)
  mount(app, door, api.channels, readChannels)
  mount(app, door, api.proposeChannel, proposeChannel)
  mount(app, door, api.decideChannel, decideChannel)
  mount(app, door, api.retireChannel, retireChannel)
  mount(app, door, api.testChannel, testChannel)
  mount(app, door, api.templates, readTemplates)
  mount(app, door, api.proposeTemplate, proposeTemplate)
  mount(app, door, api.decideTemplate, decideTemplate)
  mountStream(app, runtime)
  void app.register(async (scope) => mountReceipts(scope, runtime))
}

/** Gateways post what they like: forms and bare arrays are read here, and only here. */
function mountReceipts(scope: App, { door }: Runtime): void {
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  scope.addHook('preValidation', async (request) => {
    if (Array.isArray(request.body)) request.body = { reports: request.body }
  })
  mount(scope, door, api.receipts, takeReceipts)
}
