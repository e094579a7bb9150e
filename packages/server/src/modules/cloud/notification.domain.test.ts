import { describe, expect, test } from 'vitest'
import { notifiedThings } from './notification.domain.ts'

const A = '6f0b5b1e-3c8e-4b43-9a52-0f8a5e6f7a01'
const wrapped = (message: object) => ({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(message) })

describe('what a notification is about', () => {
  test.each<[string, unknown, string[]]>([
    ['Nova, plain', { event_type: 'compute.instance.resize.confirm.end', payload: { instance_id: A, state: 'error' } }, [`server ${A}`]],
    ['Nova, versioned', { event_type: 'instance.update', payload: { 'nova_object.data': { uuid: A } } }, [`server ${A}`]],
    ['wrapped by oslo.messaging', wrapped({ event_type: 'compute.instance.delete.end', payload: { instance_id: A } }), [`server ${A}`]],
    ['Cinder', { event_type: 'volume.resize.end', payload: { volume_id: A } }, [`volume ${A}`]],
    ['Neutron, a subnet', { event_type: 'subnet.create.end', payload: { subnet: { id: A } } }, [`network ${A}`]],
    ['Neutron, one that is gone', { event_type: 'floatingip.delete.end', payload: { floatingip_id: A } }, [`address ${A}`]],
    ['an action that only begins', { event_type: 'compute.instance.resize.start', payload: { instance_id: A } }, []],
    ['nothing we read', { event_type: 'port.update.end', payload: { port: { id: A } } }, []],
    ['an id that is none', { event_type: 'volume.resize.end', payload: { volume_id: "' or 1=1" } }, []],
    ['no notification at all', { hello: 'world' }, []],
    ['not even an object', 'x', []],
    [
      'several, each once',
      [
        { event_type: 'instance.update', payload: { 'nova_object.data': { uuid: A } } },
        { event_type: 'instance.power_on.end', payload: { 'nova_object.data': { uuid: A } } },
        { event_type: 'volume.attach.end', payload: { volume_id: A } },
      ],
      [`server ${A}`, `volume ${A}`],
    ],
  ])('%s', (_, body, things) => expect(notifiedThings(body).map(({ kind, externalId }) => `${kind} ${externalId}`)).toEqual(things))
})
