import { alarmApi as api, wallApi } from '@changbai/contract/alarm.ts'
import { availabilityApi } from '@changbai/contract/availability.ts'
import { incidentApi } from '@changbai/contract/incident.ts'
import { inventoryApi } from '@changbai/contract/inventory.ts'
import { telemetryApi } from '@changbai/contract/telemetry.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { measuredHouse, YEAR } from '../availability/availability.fixture.ts'
import { retireAlarms } from './alarm.service.ts'
import { watchSilence } from './evaluate.service.ts'
import { advanceDue } from './observe.service.ts'

const house = await measuredHouse()
const { t, ia, se, cm, stranger, pm, applicationId } = house
const mm = await t.signedIn({ role: 'MAINTENANCE_MANAGER', name: '赵立新' })
const om = house.om
const duty = await t.signedIn({ role: 'DUTY_OFFICER', name: '王磊' })
afterAll(() => t.stop())

const made = await ia.call(telemetryApi.createSource, { name: '机房 Prometheus' })
await se.call(telemetryApi.decideSource, { sourceId: made.source.id, approve: true })
const { token } = made
const post = (url: string, body: unknown, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
  t.server.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })
const alert = (labels: Record<string, string>, more: object = {}) => ({
  labels,
  annotations: { summary: '测试告警' },
  startsAt: t.now().toString(),
  endsAt: t.now().add({ minutes: 4 }).toString(),
  ...more,
})
const fire = (labels: Record<string, string>, more: object = {}) => post('/intake/alertmanager/api/v2/alerts', [alert(labels, more)])
const resolve = (labels: Record<string, string>) => fire(labels, { endsAt: t.now().toString() })
const open = async () => (await mm.call(api.list, {})).items
const named = async (name: string) => (await mm.call(api.list, { state: 'all', q: name })).items[0]
const tick = (duration = 'PT0S') => {
  t.advance(duration)
  return t.inTx(advanceDue)
}

let serverId = ''
let switchId = ''
let hostId = ''
beforeAll(async () => {
  const server = (name: string, address: string, kind: 'vm' | 'baremetal', owned: boolean) =>
    ia.call(inventoryApi.createServer, {
      name,
      kind,
      ...(owned ? { applicationId } : {}),
      env: 'PROD',
      vcpu: 4,
      memGiB: 8,
      rootGiB: 40,
      addresses: [{ address, zone: '', public: false }],
    } as never)
  hostId = (await server('宿主机-1', '10.52.9.1', 'baremetal', false)).id
  serverId = (await server('林权-app-1', '10.52.0.11', 'vm', true)).id
  switchId = (await ia.call(inventoryApi.createComponent, { kind: 'SWITCH', name: '接入交换机-1', address: '10.52.9.254' })).id
  await ia.call(inventoryApi.relate, { kind: 'RUNS_ON', from: { type: 'server', id: serverId }, to: { type: 'server', id: hostId } })
  await ia.call(inventoryApi.relate, { kind: 'DEPENDS_ON', from: { type: 'server', id: hostId }, to: { type: 'component', id: switchId } })
  await ia.call(inventoryApi.relate, {
    kind: 'DEPENDS_ON',
    from: { type: 'application', id: applicationId },
    to: { type: 'server', id: serverId },
  })
})

describe('an Alertmanager to Prometheus', () => {
  test('without a token, or with another, nothing is taken; what is no alert is told why', async () => {
    expect((await post('/intake/alertmanager/api/v2/alerts', [], {})).statusCode).toBe(401)
    expect((await post('/intake/alertmanager/api/v2/alerts', [], { authorization: 'Bearer cbs_x' })).statusCode).toBe(401)
    expect((await post('/intake/alertmanager/api/v2/alerts', {})).statusCode).toBe(400)
    expect((await post('/intake/alertmanager/api/v2/alerts', '[{')).statusCode).toBe(400)
    expect((await post('/intake/webhook', { version: '3' })).body).toContain('version 4')
  })
  test('an alert is an alarm of the thing at its address, opens one incident and pages at once', async () => {
    t.setNow('2026-03-01T09:00')
    const answer = await post(
      `/intake/alertmanager/${token}/api/v2/alerts`,
      [alert({ alertname: 'DiskBroken', instance: '10.52.0.11:9100', severity: 'critical', device: 'sda' })],
      {},
    )
    expect(answer.json()).toEqual({ taken: 1, begun: 1, fired: 1, closed: 0 })
    const [alarm] = await open()
    expect(alarm).toMatchObject({
      objectId: serverId,
      objectName: '林权-app-1',
      applicationId,
      level: 'II',
      state: 'FIRING',
      part: 'device=sda',
      told: true,
    })
    const { items } = await mm.call(incidentApi.list, { state: 'open' })
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ id: alarm?.incident?.id, severity: 'II', source: 'MONITOR', applicationId })
  })
  test('said again, and again, it is the same', async () => {
    await fire({ alertname: 'DiskBroken', instance: '10.52.0.11:9100', severity: 'critical', device: 'sda' })
    expect(await open()).toHaveLength(1)
    const { trail } = await mm.call(api.get, { alarmId: (await open())[0]?.id ?? '' })
    expect(trail.map(({ reason }) => reason)).toEqual(['fired', 'incident'])
  })
  test('silence of the sender holds it; its own word ends it, and the incident is told', async () => {
    await tick('PT10M')
    expect((await open())[0]).toMatchObject({ state: 'FIRING', missingAt: expect.any(String) })
    await resolve({ alertname: 'DiskBroken', instance: '10.52.0.11:9100', severity: 'critical', device: 'sda' })
    expect(await open()).toEqual([])
    const alarm = await named('林权')
    const incident = await mm.call(incidentApi.get, { incidentId: alarm?.incident?.id ?? '' })
    expect(incident.events.map(({ text }) => text).join()).toContain('告警恢复')
  })
  test('of an object nobody knows it is kept, under its own name', async () => {
    await fire({ alertname: 'Odd', instance: '192.0.2.9:80', severity: 'info' })
    expect((await mm.call(api.list, { unassigned: 'true' })).items).toMatchObject([
      { objectName: '192.0.2.9:80', level: 'IV', objectId: null },
    ])
    await resolve({ alertname: 'Odd', instance: '192.0.2.9:80', severity: 'info' })
  })
  test('two levels of one rule are one alarm at the graver of both', async () => {
    const labels = {
      alertname: 'changbai_server_disk_used',
      changbai_rule: 'server-disk-used',
      instance: '10.52.0.11:9100',
      mountpoint: '/data',
    }
    await fire({ ...labels, level: 'III' })
    await fire({ ...labels, level: 'II' })
    expect((await open()).map(({ level, title }) => [level, title.zh])).toEqual([['II', '磁盘空间不足']])
    await resolve({ ...labels, level: 'II' })
    expect((await open()).map(({ level }) => level)).toEqual(['III'])
    await resolve({ ...labels, level: 'III' })
    expect((await open())[0]).toMatchObject({ state: 'RECOVERING' })
    await tick('PT3M')
    expect(await open()).toEqual([])
  })
})

describe('other senders', () => {
  test('a webhook of version 4', async () => {
    const labels = { alertname: 'Hook', instance: '10.52.9.1', severity: 'warning' }
    const body = (status: string) => ({
      version: '4',
      groupKey: 'x',
      truncatedAlerts: 0,
      status,
      alerts: [{ status, labels, annotations: {}, startsAt: t.now().toString(), endsAt: '0001-01-01T00:00:00Z' }],
    })
    expect((await post('/intake/webhook', body('firing'))).json()).toMatchObject({ fired: 1 })
    expect((await post('/intake/webhook', body('resolved'))).json()).toMatchObject({ closed: 1 })
  })
  test('FastNetMon: ban and unban', async () => {
    const said = (action: string) =>
      post(`/intake/with/${token}/fastnetmon`, { ip: '10.52.0.11', direction: 'incoming', pps: '250000', action, details: 'udp' }, {})
    await said('ban')
    expect((await open())[0]).toMatchObject({ title: { zh: 'DDoS 攻击' }, value: 250000, level: 'II', objectId: serverId })
    expect((await said('unban')).json()).toMatchObject({ closed: 1 })
  })
  test('Suricata: alerts by severity; over after a quiet while', async () => {
    const event = (severity: number) => ({
      timestamp: t.now().toString(),
      event_type: 'alert',
      src_ip: '203.0.113.5',
      dest_ip: '10.52.0.11',
      dest_port: 443,
      proto: 'TCP',
      alert: { signature: 'SQL 注入', signature_id: 7, category: 'web', severity },
    })
    await post('/intake/suricata', `${JSON.stringify({ event_type: 'flow' })}\n${JSON.stringify(event(2))}\n`)
    expect((await open())[0]).toMatchObject({ level: 'III', title: { zh: '入侵检测：中危：SQL 注入' }, incident: null })
    await tick('PT16M')
    expect(await open()).toEqual([])
  })
  test('Redfish: one part is one alarm, an OK ends it', async () => {
    const said = (severity: string) =>
      post('/intake/redfish', {
        Context: '10.52.9.1',
        Events: [
          {
            MessageId: 'PSU.1',
            MessageSeverity: severity,
            Message: 'PSU lost',
            OriginOfCondition: { '@odata.id': '/redfish/v1/Chassis/1/Power' },
          },
        ],
      })
    await said('Critical')
    expect((await open())[0]).toMatchObject({ level: 'II', objectId: hostId })
    expect((await said('OK')).json()).toMatchObject({ closed: 1 })
  })
})

describe('topology, outages, windows', () => {
  const lost = (host: string) => ({ alertname: 'x', changbai_rule: 'reach-inside-lost', instance: host, level: 'II', module: 'icmp' })
  const switched = { alertname: 'x', changbai_rule: 'device-unreachable', instance: '10.52.9.254', level: 'II' }
  test('what follows from a lost switch points at it; the application is down from the first sight on', async () => {
    t.setNow('2026-03-02T10:00:00')
    await fire(lost('10.52.0.11'))
    t.advance('PT20S')
    await fire(switched)
    const alarms = await open()
    const root = alarms.find(({ objectId }) => objectId === switchId)
    expect(alarms.find(({ objectId }) => objectId === serverId)).toMatchObject({ root: { id: root?.id } })
    expect((await mm.call(api.get, { alarmId: root?.id ?? '' })).children.map(({ objectId }) => objectId)).toEqual([serverId])
    t.advance('PT10S')
    await fire({ ...lost('10.52.9.1') })
    expect((await named('宿主机-1'))?.told).toBe(false)
    const { outages } = await cm.call(availabilityApi.one, { applicationId, year: YEAR })
    expect(outages.filter(({ source }) => source === 'ALARM')).toMatchObject([
      { domain: 'NETWORK', to: null, from: '2026-03-02T02:00:20.000Z' },
      { domain: 'NETWORK', to: null, from: '2026-03-02T02:00:00.000Z' },
    ])
  })
  test('when it is back, so are they; outages end with the first good sight', async () => {
    t.setNow('2026-03-02T10:05:00')
    for (const labels of [lost('10.52.0.11'), lost('10.52.9.1'), switched]) await resolve(labels)
    await tick('PT3M')
    expect(await open()).toEqual([])
    const { outages } = await cm.call(availabilityApi.one, { applicationId, year: YEAR })
    expect(outages.filter(({ source }) => source === 'ALARM').map(({ to }) => to)).toEqual([
      '2026-03-02T02:05:00.000Z',
      '2026-03-02T02:05:00.000Z',
    ])
  })
  test('a silence keeps people from being told until it ends; only a manager may set a long one', async () => {
    const hour = (hours: number) => t.now().add({ hours }).toString()
    expect((await duty.send(api.silence, { reason: '长期', objectId: serverId, endsAt: hour(5) })).problem).toMatchObject({ status: 403 })
    expect((await duty.send(api.silence, { reason: '全部', endsAt: hour(1) })).status).toBe(422)
    await mm.call(api.silence, { reason: '长期', ruleId: 'vm-crashed', endsAt: hour(48) })
    const silence = await duty.call(api.silence, { reason: '换盘', objectId: serverId, endsAt: hour(2) })
    await fire({ alertname: 'Quiet', instance: '10.52.0.11', severity: 'critical' })
    expect((await open())[0]).toMatchObject({ muted: { label: '换盘' }, told: false, incident: null })
    t.advance('PT1M')
    await duty.call(api.endSilence, { silenceId: silence.id })
    expect((await open())[0]).toMatchObject({ muted: null, told: true, incident: { number: expect.any(String) } })
    expect((await duty.send(api.endSilence, { silenceId: silence.id })).status).toBe(409)
  })
  test('acknowledged, noted, closed by hand; another bureau sees nothing', async () => {
    const [alarm] = await open()
    const alarmId = alarm?.id ?? ''
    expect(await duty.call(api.acknowledge, { alarmIds: [alarmId], note: '已派人' })).toEqual({ acknowledged: 1 })
    expect(await duty.call(api.acknowledge, { alarmIds: [alarmId] })).toEqual({ acknowledged: 0 })
    expect((await stranger.send(api.get, { alarmId })).status).toBe(404)
    expect((await stranger.call(api.list, { state: 'all' })).items).toEqual([])
    expect((await pm.call(api.list, { state: 'all' })).items.length).toBeGreaterThan(3)
    await duty.call(api.note, { alarmId, note: '备件已到' })
    expect(await mm.call(api.close, { alarmId, reason: '来源已撤' })).toMatchObject({
      state: 'CLOSED',
      closeReason: 'BY_HAND',
      note: '备件已到',
    })
    expect((await mm.send(api.close, { alarmId, reason: '来源已撤' })).status).toBe(409)
  })
  test('nobody acknowledged in time: more people are told, also after a restart, because it is in the row', async () => {
    await fire({ alertname: 'Alone', instance: '10.52.9.1', severity: 'critical' })
    await tick('PT11M')
    const alarm = await named('宿主机-1')
    const { trail } = await mm.call(api.get, { alarmId: alarm?.id ?? '' })
    expect(trail.map(({ reason }) => reason)).toContain('escalated')
    await resolve({ alertname: 'Alone', instance: '10.52.9.1', severity: 'critical' })
  })
  test('a storm is one incident, and what began before goes under it', async () => {
    t.advance('PT2H')
    const many = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => alert({ alertname: 'Storm', instance: `192.0.2.${from + i}`, severity: 'critical' }))
    await post('/intake/alertmanager/api/v2/alerts', many(0, 6))
    await post('/intake/alertmanager/api/v2/alerts', many(6, 106))
    const { items } = await mm.call(api.list, { limit: 200, q: '192.0.2.' })
    expect(items.filter(({ storm }) => storm)).toHaveLength(100)
    const storm = await mm.call(incidentApi.get, { incidentId: items.find((one) => one.storm)?.incident?.id ?? '' })
    expect(storm.title).toContain('风暴')
    expect(storm.related.children.length).toBe(6)
  })
})

describe('the embedded evaluator', () => {
  /** As a scrape of node_exporter would arrive by OTLP. */
  const send = (value: number, at = t.now()) =>
    post('/intake/otlp/v1/metrics', {
      resourceMetrics: [
        {
          scopeMetrics: [
            {
              metrics: [
                {
                  name: 'cpu_usage_active',
                  gauge: {
                    dataPoints: [
                      {
                        asDouble: value,
                        timeUnixNano: String(BigInt(at.epochMilliseconds) * 1_000_000n),
                        attributes: [
                          { key: 'instance', value: { stringValue: '10.52.0.11:9100' } },
                          { key: 'cpu', value: { stringValue: 'cpu-total' } },
                        ],
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
    })
  const cpu = async () => (await mm.call(api.list, { state: 'all', ruleId: 'server-cpu-busy' })).items[0]
  const until = async (state: string | undefined) => {
    for (let i = 0; i < 200 && (await cpu())?.state !== state; i++) await new Promise((done) => setTimeout(done, 10))
    return cpu()
  }
  test('a value beyond the bound is suspected, fires after its wait, recovers and closes', async () => {
    t.setNow('2026-03-03T09:00:00')
    expect((await send(99.5)).statusCode).toBe(200)
    expect(await until('SUSPECTED')).toMatchObject({ level: 'II', objectId: serverId, value: 99.5, told: false })
    await tick('PT10M')
    expect(await cpu()).toMatchObject({ state: 'FIRING', told: true, firedAt: '2026-03-03T01:10:00Z' })
    await send(20)
    expect(await until('RECOVERING')).toMatchObject({ value: 20 })
    await tick('PT3M')
    expect(await cpu()).toMatchObject({ state: 'CLOSED', closeReason: 'RECOVERED', closedAt: '2026-03-03T01:10:00Z' })
  })
  test('what stops being reported gets an alarm of its own, and is over when it is back', async () => {
    t.advance('PT10M')
    await t.inTx(watchSilence)
    const silent = (await open()).find(({ source }) => source === 'PLATFORM')
    expect(silent).toMatchObject({ objectId: serverId, level: 'III', source: 'PLATFORM' })
    await send(21)
    for (
      let i = 0;
      i < 200 && (await mm.call(api.coverage, {})).items.every(({ metrics }) => metrics.every(({ state }) => state !== 'REPORTING'));
      i++
    )
      await new Promise((done) => setTimeout(done, 10))
    await t.inTx(watchSilence)
    expect((await open()).find(({ source }) => source === 'PLATFORM')).toBeUndefined()
  })
  test('coverage says what each thing should report and does not', async () => {
    const { items, topics } = await mm.call(api.coverage, {})
    const row = items.find(({ objectId }) => objectId === serverId)
    expect(row?.metrics.find(({ metric }) => metric === 'cpu.busy')).toMatchObject({ state: 'REPORTING' })
    expect(row?.metrics.find(({ metric }) => metric === 'memory.used')).toMatchObject({ state: 'NEVER' })
    expect(topics?.find(({ topic }) => topic === 'cpu')).toMatchObject({ clause: '5.3-1', objects: 2, reporting: 1 })
  })
  test('a rule is replayed over what was measured, with another bound, before it is changed', async () => {
    const at = (minutes: number) => t.now().subtract({ minutes })
    for (let m = 50; m >= 30; m--) await send(m > 35 ? 85 : 10, at(m))
    const tried = await mm.call(api.replay, {
      ruleId: 'server-cpu-busy',
      change: { levels: [{ level: 'III', above: 80 }], forSeconds: 300 },
      hours: 1,
    })
    expect(tried.alarms).toMatchObject([{ objectName: '林权-app-1', level: 'III', peak: 85, closedAt: expect.any(String) }])
    expect((await mm.call(api.replay, { ruleId: 'server-cpu-busy', hours: 1 })).alarms).toEqual([])
    expect((await mm.send(api.replay, { ruleId: 'ddos-attack' })).status).toBe(422)
  })
  test('a rule is changed by two people', async () => {
    const { id } = await mm.call(api.proposeRule, {
      ruleId: 'server-cpu-busy',
      change: { levels: [{ level: 'III', above: 80 }] },
      reason: '按回放调整',
    })
    expect((await mm.send(api.proposeRule, { ruleId: 'server-cpu-busy', change: { enabled: false }, reason: '再改' })).status).toBe(409)
    expect((await mm.send(api.decideRule, { changeId: id, approve: true })).status).toBe(403)
    await om.call(api.decideRule, { changeId: id, approve: true })
    const rule = (await mm.call(api.rules, {})).items.find((one) => one.id === 'server-cpu-busy')
    expect(rule).toMatchObject({ levels: [{ level: 'III', above: 80 }], changed: true, proposal: null })
    expect((await om.send(api.decideRule, { changeId: id, approve: false })).status).toBe(409)
  })
  test('what was retired is closed as retired', async () => {
    await fire({ alertname: 'Gone', instance: '10.52.9.254', severity: 'warning' })
    const { rev } = await ia.call(inventoryApi.getComponent, { id: switchId })
    for (const relation of (await ia.call(inventoryApi.relations, { type: 'component', id: switchId, depth: 1 })).edges)
      if (relation.id) await ia.call(inventoryApi.unrelate, { id: relation.id })
    await ia.call(inventoryApi.retireComponent, { id: switchId, rev, reason: '更换' })
    await t.inTx(retireAlarms)
    expect(await named('接入交换机-1')).toMatchObject({ state: 'CLOSED', closeReason: 'RETIRED' })
  })
})

describe('the wall', () => {
  test('a screen is let in by its own token once approved, sees the board, and can be turned away', async () => {
    const { screen, token: own } = await ia.call(api.createScreen, { name: '值班室大屏' })
    const look = () => t.server.app.inject({ method: 'GET', url: `/api${wallApi.board.path}`, headers: { authorization: `Bearer ${own}` } })
    expect((await look()).statusCode).toBe(401)
    expect((await ia.send(api.decideScreen, { screenId: screen.id, approve: true })).status).toBe(403)
    await se.call(api.decideScreen, { screenId: screen.id, approve: true })
    const board = (await look()).json()
    expect(board).toMatchObject({ counts: { II: expect.any(Number) }, applications: expect.any(Array), onDuty: [] })
    expect(board.incidents.length).toBeGreaterThan(0)
    await se.call(api.decideScreen, { screenId: screen.id, approve: false })
    expect((await look()).statusCode).toBe(401)
  })
})

describe('requests that come at once', () => {
  const url = '/intake/alertmanager/api/v2/alerts'
  const batch = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => alert({ alertname: 'Flood', instance: `198.51.100.${from + i}`, severity: 'critical' }))
  test('each gets its own answer, whatever the others are', async () => {
    t.advance('PT2H')
    const answers = await Promise.all([
      post(url, batch(0, 1)),
      post(url, batch(1, 2)),
      post(url, '[{'),
      post(url, batch(0, 1), { authorization: 'Bearer cbs_x' }),
      post(url, batch(3, 3)),
    ])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 400, 401, 200])
    expect(answers.flatMap((answer) => (answer.statusCode === 200 ? [answer.json().taken] : []))).toEqual([1, 2, 3])
    expect((await mm.call(api.list, { limit: 200, q: '198.51.100.' })).items).toHaveLength(6)
  })
  test('what waited is decided together: a storm of small requests opens one incident, not one for each of its alarms', async () => {
    t.advance('PT2H')
    const answers = await Promise.all(Array.from({ length: 24 }, (_, i) => post(url, batch(10 + i * 5, 5))))
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
    const { items } = await mm.call(api.list, { limit: 200, q: '198.51.100.' })
    const storming = items.filter(({ storm }) => storm)
    // the first request is decided at once and alone; all that came meanwhile is one group
    expect(storming).toHaveLength(115)
    expect(new Set(storming.map(({ incident }) => incident?.id)).size).toBe(1)

    // over at once, its incident hears of it in a line and not in a hundred and fifteen
    const over = { endsAt: t.now().subtract({ seconds: 1 }).toString() }
    await post(
      url,
      batch(15, 115).map((alert) => ({ ...alert, ...over })),
    )
    const { events } = await mm.call(incidentApi.get, { incidentId: storming[0]?.incident?.id ?? '' })
    const told = events.filter(({ text }) => text.startsWith('告警恢复'))
    expect(told.map(({ text }) => text.endsWith('……共 115 条'))).toEqual([true])
  })
})
