/**
 * A whole night on the running product, on the real clock: `npm run test:night`. A real service dies, Prometheus raises the alarm, people are paged by
 * telephone and text, the product itself is killed between the page and the answer; then response, plan, repair, verification and post-mortem. Three
 * more incidents run beside it: one found late, one the customer let rest, one by appointment. At the end every clock is compared with the table made by
 * hand (table.ts) and with what the command line says of the same facts. About four minutes; needs `prometheus`.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { dutyApi } from '../../packages/contract/src/duty.ts'
import { type HandlingPlan, type IncidentDetail, incidentApi } from '../../packages/contract/src/incident.ts'
import { inventoryApi } from '../../packages/contract/src/inventory.ts'
import { notificationApi } from '../../packages/contract/src/notification.ts'
import { telemetryApi } from '../../packages/contract/src/telemetry.ts'
import { freePort, startProduct } from '../support/product.ts'
import { byHand, type ClockName, clockTime, disagreements, type Expected, type Level, type Noted, type Span, type Told } from './table.ts'
import { openPortal, type Player, signedIn, startGateway, startPrometheus, until } from './world.ts'

const root = resolve(import.meta.dirname, '../..')
const MINUTE = 60_000
const run = promisify(execFile)
const flaws: string[] = []
const say = (text: string): void => console.log(`${clockTime(Date.now())}  ${text}`)
const expect = (what: string, holds: boolean): void => {
  say(`${holds ? 'ok  ' : 'FLAW'} ${what}`)
  if (!holds) flaws.push(what)
}

const folder = await mkdtemp(join(tmpdir(), 'changbai-night-'))
const dataDir = join(folder, 'data')
const port = await freePort()
const start = () => startProduct({ dataDir, port, env: { PUBLIC_URL: `http://127.0.0.1:${port}`, OUTBOUND_ALLOW: '127.0.0.1' } })
let product = await start()
const url = () => `http://127.0.0.1:${port}`
const gateway = await startGateway()
const portal = await openPortal()
let prometheus: Awaited<ReturnType<typeof startPrometheus>> | undefined

/** The command line beside the running product. */
async function changbai(...args: string[]): Promise<string> {
  const cli = join(root, 'packages/server/src/app/cli.ts')
  const { stdout } = await run(process.execPath, [cli, ...args], { cwd: root, env: { ...process.env, DATA_DIR: dataDir } })
  return stdout
}

try {
  say(`the product stands at ${url()} after ${Math.round(product.startMs)} ms`)
  const player = (signIn: string) => signedIn(url, signIn)
  const [admin, security, iaas] = [await player('dengyu'), await player('shenlan'), await player('gaoyan')]
  const [manager, leader, customer, bureau] = [
    await player('zhaolixin'),
    await player('fengzhiyuan'),
    await player('hanxuefeng'),
    await player('yangfan'),
  ]
  const signInOf = new Map(product.signIns.map(({ name, signIn }) => [name, signIn]))

  // the evening before: ways to people, a source of alarms, and the portal's machine in the inventory
  for (const way of ['SMS', 'PHONE'] as const) {
    const settings = {
      channel: way,
      url: gateway.url(way),
      body: '{"phone":"{phone}","text":"{text}"}',
      success: { path: 'code', value: '0' },
    }
    const { id } = await admin.call(notificationApi.proposeChannel, { name: way === 'SMS' ? '短信' : '语音', settings })
    await security.call(notificationApi.decideChannel, { channelId: id, approve: true })
  }
  const made = await iaas.call(telemetryApi.createSource, { name: '门户监控' })
  await security.call(telemetryApi.decideSource, { sourceId: made.source.id, approve: true })
  const servers = (await bureau.call(inventoryApi.listServers, { limit: 100 })).items
  const machine = servers.find((one) => one.addresses.length > 0 && one.applicationId !== null)
  if (!machine?.addresses[0]) throw new Error('the bureau has no machine with an address')
  await portal.start()
  prometheus = await startPrometheus(folder, {
    portalPort: portal.port,
    instance: machine.addresses[0].address,
    product: url(),
    token: made.token,
  })
  const order = (await manager.call(dutyApi.pagingOrder, {})).items
  say(`on duty, in paging order: ${order.map(({ name }) => name).join(', ')}`)

  // the night begins
  const ask = (client: Player, incidentId: string) => client.call(incidentApi.get, { incidentId })
  const before = new Set((await manager.call(incidentApi.list, { limit: 200 })).items.map(({ id }) => id))
  // the text gateway is out of order tonight: the voice call has to reach people
  gateway.refuse('SMS')
  const killedAt = await portal.kill()
  say('the portal was killed')
  const pagesHeard = () => gateway.heard.filter(({ text, refused }) => !refused && text.includes('呼叫'))
  await until('the first page', async () => pagesHeard().length > 0, 30)
  const firstPage = pagesHeard()[0]
  if (!firstPage) throw new Error('no page')
  const opened = (await manager.call(incidentApi.list, { limit: 200 })).items.filter(({ id }) => !before.has(id))
  const down = opened.find(({ source }) => source === 'MONITOR')
  if (!down) throw new Error('the alarm opened no incident')
  expect(
    `one incident of severity I for the alarm: ${opened.map(({ number, severity }) => `${number} ${severity}`).join()}`,
    opened.length === 1 && down.severity === 'I',
  )
  const { alerts } = ((await (await fetch(`${prometheus.url}/api/v1/alerts`)).json()) as { data: { alerts: { activeAt: string }[] } }).data
  const activeMs = Temporal.Instant.from(alerts[0]?.activeAt ?? '').epochMilliseconds
  // three seconds of `for`, an evaluation a second
  const firedMs = activeMs + 3_000
  say(
    `dead ${clockTime(killedAt)}, first missed ${clockTime(activeMs)}, due to fire ${clockTime(firedMs)}, first page ${clockTime(firstPage.atMs)}`,
  )
  expect(`the first page ${firstPage.atMs - firedMs} ms after the alarm (limit 5,000)`, firstPage.atMs - firedMs < 5_000)
  const night: Noted = {
    title: `${down.number} 门户无法访问`,
    first: 'I',
    level: 'I',
    start: { fromMs: firedMs - 1_000, toMs: firstPage.atMs },
    done: {},
  }
  await until('the leader is called', async () => gateway.heard.some(({ text, refused }) => !refused && text.includes('请知悉并回执')), 15)
  expect(
    'the text gateway failed and was tried, the voice call arrived',
    gateway.heard.some(({ refused }) => refused),
  )

  // nobody answers; the product dies between the page and the answer
  await product.kill()
  say('the product was killed')
  product = await start()
  say(`the product stands again after ${Math.round(product.startMs)} ms`)
  gateway.refuse(null)

  // meanwhile three others, as people report them
  const report = async (criteria: 'QUESTION_OR_BOOKING' | 'ERROR_OR_WARNING', title: string, detectedMs?: number) => {
    const detectedAt = detectedMs === undefined ? null : Temporal.Instant.fromEpochMilliseconds(detectedMs).toString()
    return bureau.timed(incidentApi.report, {
      title,
      symptom: title,
      criteria: [criteria],
      applicationId: machine.applicationId,
      reporterName: bureau.name,
      reporterPhone: '10020005585',
      detectedAt,
    })
  }
  const earlier = Date.now() - 185 * MINUTE
  const late = await report('QUESTION_OR_BOOKING', '夜间批处理一直没有结果', earlier)
  const resting = await report('ERROR_OR_WARNING', '日志里反复出现告警')
  const booked = await report('QUESTION_OR_BOOKING', '请预约一次参数核对')
  const engineer = await player('majun')
  const act = async (incidentId: string, what: 'respond' | 'plan' | 'resolve'): Promise<Span> => {
    if (what === 'respond')
      return (await engineer.timed(incidentApi.respond, { incidentId, channel: 'PHONE', note: '已电话联系报障人' })).span
    if (what === 'plan') return (await engineer.timed(incidentApi.submitPlan, { incidentId, plan: planUntil(30) })).span
    return (await engineer.timed(incidentApi.resolve, { incidentId, result: '已处理' })).span
  }
  const planUntil = (minutes: number): HandlingPlan => ({
    hypothesis: '服务进程退出',
    impact: '门户不可用',
    steps: [{ seq: 1, action: '重启服务并观察', owner: '值班工程师', eta: null }],
    vendorSupport: '',
    etaResolve: Temporal.Instant.fromEpochMilliseconds(Date.now() + minutes * MINUTE).toString(),
    rollbackPlan: '保持现状，转人工受理',
    workaround: '',
    commsPlan: '每三十分钟通报；预计超时即上报主管领导升级',
  })

  const lateNoted: Noted = {
    title: `${late.reply.number} 晚发现，又由 IV 升为 I`,
    first: 'IV',
    level: 'I',
    start: { fromMs: earlier, toMs: earlier },
    done: {},
  }
  lateNoted.done.response = await act(late.reply.id, 'respond')
  const raised = await engineer.call(incidentApi.changeLevel, {
    incidentId: late.reply.id,
    to: 'I',
    criteria: ['DATA_LOST'],
    reason: '发现结算数据丢失',
  })
  expect(
    'a late upgrade breaches at once',
    raised.clocks.every(({ state }) => state === 'breached'),
  )
  lateNoted.done.plan = await act(late.reply.id, 'plan')

  const restNoted: Noted = { title: `${resting.reply.number} 甲方挂起过`, first: 'III', level: 'III', start: resting.span, done: {} }
  restNoted.done.response = await act(resting.reply.id, 'respond')
  await customer.call(incidentApi.hold, { incidentId: resting.reply.id, reason: '等业务低峰' })
  restNoted.done.plan = await act(resting.reply.id, 'plan')
  await customer.call(incidentApi.release, { incidentId: resting.reply.id })
  restNoted.done.solution = await act(resting.reply.id, 'resolve')

  const bookedMs = Math.ceil((Date.now() + 8 * 60 * MINUTE) / MINUTE) * MINUTE
  const bookNoted: Noted = { title: `${booked.reply.number} 预约`, first: 'IV', level: 'IV', start: booked.span, bookedMs, done: {} }
  bookNoted.done.response = await act(booked.reply.id, 'respond')
  await engineer.call(incidentApi.schedule, {
    incidentId: booked.reply.id,
    for: Temporal.Instant.fromEpochMilliseconds(bookedMs).toString(),
    confirmation: '报障人来信确认',
  })

  // the next in the order is paged two minutes after the first, although the process that paged the first is gone
  const pageOf = async () => (await manager.call(dutyApi.pages, { subjectId: down.id })).items[0]
  await until('the second person is paged', async () => ((await pageOf())?.tries.length ?? 0) >= 2, 150)
  const page = await pageOf()
  expect(
    `paged in order across the kill: ${page?.tries.map(({ name }) => name).join(', ')}`,
    page?.tries.every(({ name }, index) => name === order[index]?.name) === true,
  )
  const gapSeconds = page?.tries[1] && page.tries[0] ? (Date.parse(page.tries[1].at) - Date.parse(page.tries[0].at)) / 1000 : 0
  expect(`the second page ${gapSeconds.toFixed(1)} s after the first`, gapSeconds >= 120 && gapSeconds < 122)
  const awake = await player(signInOf.get(page?.tries[1]?.name ?? '') ?? '')
  await awake.call(dutyApi.acknowledgePage, { pageId: page?.id ?? '' })
  const acknowledged = await ask(awake, down.id)
  expect(
    `who answered has taken it: ${acknowledged.handlerName}; that is no response yet`,
    acknowledged.handlerName === awake.name && acknowledged.clocks[0]?.doneAt === null,
  )
  night.done.response = (
    await awake.timed(incidentApi.respond, { incidentId: down.id, channel: 'PHONE', note: '已电话联系省林草局值班' })
  ).span
  await leader.call(incidentApi.ackLeader, { incidentId: down.id })
  night.done.plan = (await awake.timed(incidentApi.submitPlan, { incidentId: down.id, plan: planUntil(60) })).span
  await awake.call(incidentApi.log, { incidentId: down.id, text: '重启服务' })
  await awake.call(incidentApi.broadcast, { incidentId: down.id, text: '服务进程已重启，正在观察' })

  // repair: first not well enough, then for good
  await awake.call(incidentApi.resolve, { incidentId: down.id, result: '已重启' })
  await bureau.call(incidentApi.verify, { incidentId: down.id, restored: false, comment: '仍打不开' })
  await portal.start()
  await until(
    'the alarm is over by itself',
    async () => (await ask(manager, down.id)).events.some(({ text }) => text.includes('告警恢复')),
    60,
  )
  say('the portal is back; Prometheus has said so')
  night.done.solution = (await awake.timed(incidentApi.resolve, { incidentId: down.id, result: '服务进程已恢复并加守护' })).span
  await bureau.call(incidentApi.verify, { incidentId: down.id, restored: true, comment: '业务正常' })
  await customer.call(incidentApi.confirm, { incidentId: down.id, restored: true })

  // the morning after
  const iso = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toString()
  await awake.call(incidentApi.submitReport, {
    incidentId: down.id,
    report: {
      occurredAt: iso(killedAt),
      detectedAt: iso(firedMs),
      directCause: '服务进程被终止',
      rootCauseStatus: 'CONFIRMED',
      result: 'RESTORED',
      impactSummary: '门户中断数分钟',
      dataLoss: false,
      residualRisk: '无',
    },
  })
  const dueOn = Temporal.Now.plainDateISO('Asia/Shanghai').add({ days: 20 }).toString()
  await manager.call(incidentApi.submitPostmortem, {
    incidentId: down.id,
    postmortem: {
      summary: '服务进程无守护，被终止后未自动拉起',
      detection: 'Prometheus 每秒探测',
      direct: '进程被终止',
      root: '没有守护进程',
      whys: [1, 2, 3].map((n) => ({ q: `为什么 ${n}`, a: `因为 ${n}` })),
      nature: 'SOFTWARE',
      responsibility: { party: 'PROVIDER', unit: '运维组', level: '一般' },
      actions: [{ desc: '为门户加守护进程', type: 'PREVENT', ownerId: awake.id, dueOn, verifyMethod: '终止进程后自动拉起' }],
      reviewedAt: iso(Date.now()),
      attendees: '运维组、省林草局',
      conclusion: '按措施整改',
    },
  })
  await leader.call(incidentApi.approvePostmortem, { incidentId: down.id, approve: true })
  const closed = await customer.call(incidentApi.approvePostmortem, { incidentId: down.id, approve: true })
  expect(
    `closed with one history of ${closed.events.length} lines, reopened once`,
    closed.status === 'CLOSED' && closed.events.filter(({ kind }) => kind === 'REOPENED').length === 1,
  )
  const actionId = closed.actions[0]?.id ?? ''
  await awake.call(incidentApi.settleAction, { incidentId: down.id, actionId, state: 'DONE' })
  const settled = await manager.call(incidentApi.settleAction, { incidentId: down.id, actionId, state: 'VERIFIED' })
  expect('the preventive action is done and verified by another', settled.actions[0]?.state === 'VERIFIED')
  expect(
    'the leader’s receipt is on record',
    settled.leaderNotices.some(({ ackAt }) => ackAt !== null),
  )

  // the table
  const asOf = Date.now()
  const rows: [Noted, string][] = [
    [night, down.id],
    [lateNoted, late.reply.id],
    [restNoted, resting.reply.id],
    [bookNoted, booked.reply.id],
  ]
  for (const [noted, id] of rows) {
    const expected = byHand(noted, asOf)
    const shown = await ask(manager, id)
    const offline = JSON.parse(await changbai('clocks', '--facts', await factsFile(shown, noted.first), '--as-of', iso(asOf))) as Told[]
    const wrong = [...disagreements('product', expected, shown.clocks), ...disagreements('command line', expected, offline)]
    flaws.push(...wrong.map((one) => `${noted.title}: ${one}`))
    printRows(noted, expected, shown.clocks, offline)
  }
  const told = JSON.parse(await changbai('duty', '--at', iso(firedMs), '--json')) as { pagingOrder: { name: string }[] }
  expect(
    '`changbai duty --at` of the alarm names whom the product paged',
    page?.tries.every(({ name }, index) => name === told.pagingOrder[index]?.name) === true,
  )
} finally {
  await prometheus?.stop()
  await portal.kill()
  await product.stop()
  await gateway.stop()
  await rm(folder, { recursive: true, force: true })
}
console.log(
  flaws.length === 0
    ? '\nThe product, the command line and the table made by hand agree.'
    : `\n${flaws.length} flaws:\n${flaws.join('\n')}`,
)
process.exitCode = flaws.length === 0 ? 0 : 1

/** What happened, as the product keeps it, for the command line. */
async function factsFile(shown: IncidentDetail, first: Level): Promise<string> {
  const kinds: Partial<Record<IncidentDetail['events'][number]['kind'], string>> = {
    ALARM: 'alarm',
    REPORTED: 'reported',
    RESPONDED: 'responded',
    PLANNED: 'planned',
    RESOLVED: 'resolved',
    REOPENED: 'reopened',
    LEVEL: 'level',
    SCHEDULED: 'scheduled',
    HELD: 'held',
    RELEASED: 'released',
  }
  const facts = shown.events.flatMap((one) => {
    const kind = kinds[one.kind]
    return kind ? [{ at: one.at, kind, ...(one.level ? { level: one.level } : {}), ...(one.forAt ? { for: one.forAt } : {}) }] : []
  })
  const file = join(folder, `${shown.number}.json`)
  await writeFile(file, JSON.stringify({ level: first, facts: facts.reverse() }))
  return file
}

function printRows(noted: Noted, expected: readonly Expected[], shown: readonly Told[], offline: readonly Told[]): void {
  const NAMES: Record<ClockName, string> = { response: 'response', plan: 'plan    ', solution: 'solution' }
  const today = Temporal.Now.plainDateISO('Asia/Shanghai')
  const at = (text: string | null | undefined) => {
    if (!text) return '—'.padEnd(15)
    const instant = Temporal.Instant.from(text)
    const days = today.until(instant.toZonedDateTimeISO('Asia/Shanghai').toPlainDate()).days
    return `${clockTime(instant.epochMilliseconds)}${days === 0 ? '' : ` ${days > 0 ? '+' : '−'}${Math.abs(days)}d`}`.padEnd(15)
  }
  console.log(`\n${noted.title}, judged as ${noted.level}`)
  console.log('clock     start            due              done             by hand   product   command line')
  for (const { clock, state } of expected) {
    const own = shown.find((one) => one.clock === clock)
    const line = offline.find((one) => one.clock === clock)
    const cells = [NAMES[clock], at(own?.startAt), at(own?.dueAt), at(own?.doneAt), state.padEnd(8), own?.state.padEnd(8), line?.state]
    console.log(cells.join('  '))
  }
}
