/** What a notification of OpenStack is about: one thing, by the cloud's id. Nothing else of the message is believed. */
export interface NotifiedThing {
  kind: 'server' | 'volume' | 'network' | 'address'
  externalId: string
}

const ID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i
type Row = Readonly<Record<string, unknown>>
const row = (value: unknown): Row => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : {})
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** oslo.messaging wraps the message as text within the message. */
function unwrapped(message: unknown): Row {
  const outer = row(message)
  const inner = outer['oslo.message']
  return typeof inner === 'string' ? row(parsed(inner)) : outer
}

/** The id of the thing, for each kind of event we read; the first that is there. */
const wheres: readonly { event: RegExp; kind: NotifiedThing['kind']; ids(payload: Row): unknown[] }[] = [
  {
    // versioned (instance.update) and plain (compute.instance.update) notifications of Nova
    event: /^(compute\.)?instance\./,
    kind: 'server',
    ids: (payload) => [row(payload['nova_object.data']).uuid, payload.instance_id, payload.uuid],
  },
  { event: /^volume\./, kind: 'volume', ids: (payload) => [payload.volume_id, payload.id] },
  { event: /^subnet\./, kind: 'network', ids: (payload) => [row(payload.subnet).id, payload.subnet_id, payload.id] },
  { event: /^floatingip\./, kind: 'address', ids: (payload) => [row(payload.floatingip).id, payload.floatingip_id, payload.id] },
]

/**
 * The things a body names: one notification, a list of them, plain or wrapped by oslo.messaging. What is about nothing we read, or carries no id, is
 * passed over; `start` of an action is, too, since nothing has happened yet. Each thing once.
 */
export function notifiedThings(body: unknown): NotifiedThing[] {
  const found = new Map<string, NotifiedThing>()
  for (const message of Array.isArray(body) ? body : [body]) {
    const { event_type: event, payload } = unwrapped(message)
    if (typeof event !== 'string' || event.endsWith('.start')) continue
    const where = wheres.find((one) => one.event.test(event))
    const id = where?.ids(row(payload)).find((one) => typeof one === 'string' && ID.test(one))
    if (where && typeof id === 'string') found.set(`${where.kind}/${id}`, { kind: where.kind, externalId: id })
  }
  return [...found.values()]
}
