import { complianceApi } from '@changbai/contract/compliance.ts'
import { deskApi } from '@changbai/contract/desk.ts'
import { type Criterion, type Severity, severityOf } from '@changbai/contract/incident.shapes.ts'
import { incidentApi } from '@changbai/contract/incident.ts'
import { inspectionApi, type RoundKind } from '@changbai/contract/inspection.ts'
import type { Caller, World } from './callers.ts'
import type { Dice } from './dice.ts'

export interface Staff {
  engineers: readonly Caller[]
  maintenance: Caller
  operation: Caller
  desk: Caller
  leader: Caller
  customer: Caller
  /** Of one application: who reports and who confirms. */
  owners: readonly {
    applicationId: string
    tenantId: string
    name: string
    manager: Caller
    managerName: string
    unit: string
    engineerId: string
  }[]
}

export interface Tally {
  incidents: number
  rounds: number
  calls: number
  /** What was left out on purpose, for the one month that breaks a promise. */
  missed: string[]
}

const ZONE = 'Asia/Shanghai'
const instantOf = (on: Temporal.PlainDate, time: string): Temporal.Instant =>
  on.toZonedDateTime({ timeZone: ZONE, plainTime: Temporal.PlainTime.from(time) }).toInstant()

/** Ordinary causes of trouble: what is seen, what it was, what was done. */
const troubles: readonly { criteria: Criterion[]; title: string; symptom: string; cause: string; cure: string }[] = [
  {
    criteria: ['ERROR_OR_WARNING'],
    title: '查询偶发报错',
    symptom: '提交查询后提示服务暂不可用，重试可恢复',
    cause: '连接池耗尽',
    cure: '调大连接池并重启应用节点',
  },
  {
    criteria: ['ERROR_OR_WARNING'],
    title: '短信验证码收不到',
    symptom: '登录时收不到验证码',
    cause: '短信网关会话中断',
    cure: '重建网关会话',
  },
  { criteria: ['ERROR_OR_WARNING'], title: '定时任务未执行', symptom: '夜间汇总没有生成', cause: '宿主机时钟偏移', cure: '校时并补跑任务' },
  { criteria: ['SLOW'], title: '响应缓慢', symptom: '上午九点后页面打开需要十几秒', cause: '存储链路降速', cure: '隔离故障链路，切换备用' },
  {
    criteria: ['PART_FAILED'],
    title: '节点离线',
    symptom: '集群中一台服务器无法连接',
    cause: '宿主机内存故障',
    cure: '迁移虚拟机并更换内存',
  },
  {
    criteria: ['BUSINESS_DOWN'],
    title: '业务无法访问',
    symptom: '所有用户打不开首页',
    cause: '汇聚交换机板卡故障',
    cure: '切换备用板卡并更换',
  },
  {
    criteria: ['QUESTION_OR_BOOKING'],
    title: '扩容咨询',
    symptom: '想了解扩容窗口与办理方式',
    cause: '咨询',
    cure: '已答复办理路径与所需材料',
  },
]
/** How often each of them comes: most days are small. */
const weights = [8, 6, 5, 3, 2, 1, 8]
const deck = troubles.flatMap((trouble, index) => Array.from({ length: weights[index] ?? 1 }, () => trouble))
const questions = [
  '忘记登录口令怎么办',
  '如何申请增加磁盘',
  '出口带宽能否临时调整',
  '备份策略怎样查看',
  '准入材料需要哪些附件',
  '巡检报告在哪里下载',
]

/** Minutes from report to response, plan and repair, inside the promise of each severity. */
const paces: Readonly<Record<Severity, readonly [respond: number, plan: number, repair: number]>> = {
  I: [4, 18, 95],
  II: [5, 20, 160],
  III: [6, 24, 300],
  IV: [7, 60, 480],
}

/** One day of the world, every act at its own time of day, by the product's own endpoints. */
export class Days {
  readonly tally: Tally = { incidents: 0, rounds: 0, calls: 0, missed: [] }
  readonly #world: World
  readonly #staff: Staff
  readonly #dice: Dice

  constructor(world: World, staff: Staff, dice: Dice) {
    this.#world = world
    this.#staff = staff
    this.#dice = dice
  }

  /** @param breaks whether this day leaves a round out */
  async live(on: Temporal.PlainDate, breaks: boolean): Promise<void> {
    const acts: { at: Temporal.Instant; run: () => Promise<void> }[] = []
    const add = (time: string, run: () => Promise<void>) => acts.push({ at: instantOf(on, time), run })
    const late = () => String(this.#dice.number(10, 40)).padStart(2, '0')
    const rounds: [string, RoundKind, Caller][] = [
      [`08:${late()}`, 'FACILITY', this.#dice.pick(this.#staff.engineers)],
      [`13:${late()}`, 'FACILITY', this.#dice.pick(this.#staff.engineers)],
      [`19:${late()}`, 'FACILITY', this.#dice.pick(this.#staff.engineers)],
      [`09:${late()}`, 'PLATFORM', this.#staff.maintenance],
      [`09:${late()}`, 'TENANT_SERVICE', this.#staff.operation],
      [`15:${late()}`, 'TENANT_SERVICE', this.#staff.operation],
    ]
    for (const [time, kind, by] of rounds) {
      if (breaks && kind === 'FACILITY' && time.startsWith('13')) {
        this.tally.missed.push(`${on} FACILITY`)
        continue
      }
      add(time, () => this.#walk(kind, by))
    }
    if (on.dayOfWeek <= 5)
      for (let count = this.#dice.number(1, 4); count > 0; count -= 1)
        add(`${this.#dice.number(9, 11)}:${late()}`.padStart(5, '0'), () => this.#answer())
    if (this.#dice.chance(0.45)) add(`10:${late()}`, () => this.#trouble())
    acts.sort((a, b) => Temporal.Instant.compare(a.at, b.at))
    for (const { at, run } of acts) {
      // the work before may have taken until later than this act's time
      if (Temporal.Instant.compare(at, this.#world.now()) > 0) this.#world.setNow(at)
      await run()
    }
  }

  /** The month that is over is frozen on the first of the next, by the operation manager. */
  async freeze(month: string): Promise<void> {
    await this.#staff.operation.call(complianceApi.freeze, { month })
  }

  #pass(minutes: number): void {
    this.#world.setNow(this.#world.now().add({ minutes }))
  }

  async #walk(kind: RoundKind, by: Caller): Promise<void> {
    const begun = this.#world.now()
    const checkIn = kind === 'FACILITY' ? { method: 'QR' as const, pointCode: 'ROOM-301' } : undefined
    const round = await by.call(inspectionApi.start, {
      kind,
      clientKey: `${kind}-${begun.epochMilliseconds}`,
      ...(checkIn ? { checkIn } : {}),
    })
    this.#pass(kind === 'FACILITY' ? 22 : 9)
    const answers = round.items.map(({ code, unit, okFrom, okTo }) => ({
      code,
      result: 'OK' as const,
      value: unit === null ? null : this.#reading(okFrom, okTo),
    }))
    await by.call(inspectionApi.submit, { roundId: round.id, answers, ...(checkIn ? { checkIn } : {}) })
    this.tally.rounds += 1
  }

  /** Somewhere in the middle of what is allowed. */
  #reading(okFrom: number | null, okTo: number | null): number {
    const from = okFrom ?? 0
    const to = okTo ?? from + 100
    return Math.round((from + ((to - from) * this.#dice.number(30, 70)) / 100) * 10) / 10
  }

  async #answer(): Promise<void> {
    const owner = this.#dice.pick(this.#staff.owners)
    const calledAt = this.#world.now()
    this.#pass(3)
    await this.#staff.desk.call(deskApi.record, {
      line: 'DESK',
      calledAt: calledAt.toString(),
      answeredAt: calledAt.add({ seconds: this.#dice.number(4, 15) }).toString(),
      callerName: owner.managerName,
      callerOrg: owner.unit,
      tenantId: owner.tenantId,
      applicationId: owner.applicationId,
      type: 'CONSULT',
      content: this.#dice.pick(questions),
      result: '已按手册答复，来电人表示清楚',
    })
    this.tally.calls += 1
  }

  async #trouble(): Promise<void> {
    const { criteria, title, symptom, cause, cure } = this.#dice.pick(deck)
    const owner = this.#dice.pick(this.#staff.owners)
    const engineer = this.#dice.pick(this.#staff.engineers)
    const severity = severityOf(criteria)
    const [respond, plan, repair] = paces[severity]
    const opened = await owner.manager.call(incidentApi.report, {
      title: `${owner.name}${title}`,
      symptom,
      criteria,
      tenantId: owner.tenantId,
      applicationId: owner.applicationId,
      reporterName: owner.managerName,
    })
    const incidentId = opened.id
    this.#pass(respond)
    await engineer.call(incidentApi.respond, { incidentId, channel: 'PHONE', note: '已电话联系，正在排查' })
    this.#pass(plan - respond)
    const repairedAt = this.#world.now().add({ minutes: repair - plan })
    await engineer.call(incidentApi.submitPlan, {
      incidentId,
      plan: {
        hypothesis: cause,
        impact: '部分用户受影响',
        steps: [{ seq: 1, action: cure, owner: '值班工程师', eta: null }],
        etaResolve: repairedAt.toString(),
        rollbackPlan: '恢复原状',
        commsPlan: '每三十分钟通报一次',
      },
    })
    this.#pass(repair - plan)
    await engineer.call(incidentApi.resolve, { incidentId, result: cure })
    this.#pass(6)
    await owner.manager.call(incidentApi.verify, { incidentId, restored: true, comment: '业务已恢复' })
    if (severity === 'I' || severity === 'II') await this.#explain(incidentId, engineer, owner.engineerId, cause, cure)
    this.tally.incidents += 1
  }

  /** What follows a grave incident: the customer's word, the report, the post-mortem and its two approvals. */
  async #explain(incidentId: string, engineer: Caller, ownerId: string, cause: string, cure: string): Promise<void> {
    const { customer, leader } = this.#staff
    await customer.call(incidentApi.confirm, { incidentId, restored: true, comment: '同意恢复结论' })
    const now = this.#world.now()
    await engineer.call(incidentApi.submitReport, {
      incidentId,
      report: {
        occurredAt: now.subtract({ minutes: 200 }).toString(),
        detectedAt: now.subtract({ minutes: 195 }).toString(),
        directCause: cause,
        rootCauseStatus: 'CONFIRMED',
        result: 'RESTORED',
        impactSummary: '部分业务在处理期间不可用',
        dataLoss: false,
        residualRisk: '同批部件仍在用，已列入更换计划',
      },
    })
    this.#pass(90)
    await engineer.call(incidentApi.submitPostmortem, {
      incidentId,
      postmortem: {
        summary: `${cause}导致业务受影响，${cure}后恢复`,
        detection: '用户报障，随后监控告警',
        direct: cause,
        root: '备件更换周期过长',
        whys: [
          { q: '为什么业务受影响？', a: cause },
          { q: '为什么部件会失效？', a: '运行年限已到而未更换' },
          { q: '为什么没有更换？', a: '更换计划未覆盖该批次' },
        ],
        nature: 'HARDWARE',
        responsibility: { party: 'PROVIDER', unit: '运维组', level: '一般' },
        actions: [
          {
            desc: '核对同批部件并排定更换',
            type: 'PREVENT',
            ownerId,
            dueOn: this.#world.now().toZonedDateTimeISO(ZONE).toPlainDate().add({ days: 14 }).toString(),
            verifyMethod: '抽查更换记录',
          },
        ],
        reviewedAt: this.#world.now().toString(),
        attendees: '运维、运营、应用方',
        conclusion: '原因清楚，措施可行',
      },
    })
    this.#pass(30)
    await leader.call(incidentApi.approvePostmortem, { incidentId, approve: true })
    await customer.call(incidentApi.approvePostmortem, { incidentId, approve: true })
  }
}
