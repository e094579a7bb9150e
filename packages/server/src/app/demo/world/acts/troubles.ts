import { type Criterion, type Severity, severityOf } from '@changbai/contract/incident.shapes.ts'
import { incidentApi } from '@changbai/contract/incident.ts'
import type { Steps } from '../agenda.ts'
import { dayOf, type Scene } from '../staff.ts'
import type { Caller, Stage } from '../stage.ts'

interface Trouble {
  criteria: Criterion[]
  title: string
  symptom: string
  cause: string
  cure: string
}
/** Ordinary causes of trouble: what is seen, what it was, what was done; and how often it comes. */
const troubles: readonly (readonly [times: number, Trouble])[] = [
  [
    8,
    {
      criteria: ['ERROR_OR_WARNING'],
      title: '查询偶发报错',
      symptom: '提交查询后提示服务暂不可用，重试可恢复',
      cause: '连接池耗尽',
      cure: '调大连接池并重启应用节点',
    },
  ],
  [
    6,
    {
      criteria: ['ERROR_OR_WARNING'],
      title: '短信验证码收不到',
      symptom: '登录时收不到验证码',
      cause: '短信网关会话中断',
      cure: '重建网关会话',
    },
  ],
  [
    5,
    {
      criteria: ['ERROR_OR_WARNING'],
      title: '定时任务未执行',
      symptom: '夜间汇总没有生成',
      cause: '宿主机时钟偏移',
      cure: '校时并补跑任务',
    },
  ],
  [
    3,
    {
      criteria: ['SLOW'],
      title: '响应缓慢',
      symptom: '上午九点后页面打开需要十几秒',
      cause: '存储链路降速',
      cure: '隔离故障链路，切换备用',
    },
  ],
  [
    2,
    {
      criteria: ['PART_FAILED'],
      title: '节点离线',
      symptom: '集群中一台服务器无法连接',
      cause: '宿主机内存故障',
      cure: '迁移虚拟机并更换内存',
    },
  ],
  [
    1,
    {
      criteria: ['BUSINESS_DOWN'],
      title: '业务无法访问',
      symptom: '所有用户打不开首页',
      cause: '汇聚交换机板卡故障',
      cure: '切换备用板卡并更换',
    },
  ],
  [
    8,
    {
      criteria: ['QUESTION_OR_BOOKING'],
      title: '扩容咨询',
      symptom: '想了解扩容窗口与办理方式',
      cause: '咨询',
      cure: '已答复办理路径与所需材料',
    },
  ],
]
const deck = troubles.flatMap(([times, trouble]) => Array.from({ length: times }, () => trouble))

/** Minutes from report to response, plan and repair, inside the promise of each severity. */
const paces: Readonly<Record<Severity, readonly [respond: number, plan: number, repair: number]>> = {
  I: [4, 18, 95],
  II: [5, 20, 160],
  III: [6, 24, 300],
  IV: [7, 60, 480],
}

/** Trouble from its report to the word that it is over. */
export async function* haveTrouble(scene: Scene): Steps {
  const { stage, staff, dice, tally } = scene
  const { criteria, title, symptom, cause, cure } = dice.pick(deck)
  const owner = dice.pick(staff.owners)
  const engineer = dice.pick(staff.engineers)
  const severity = severityOf(criteria)
  const [respond, plan, repair] = paces[severity]
  const { id: incidentId } = await owner.manager.call(incidentApi.report, {
    title: `${owner.name}${title}`,
    symptom,
    criteria,
    tenantId: owner.tenantId,
    applicationId: owner.applicationId,
    reporterName: owner.manager.name,
  })
  tally.incidents += 1
  yield respond
  await engineer.call(incidentApi.respond, { incidentId, channel: 'PHONE', note: '已电话联系，正在排查' })
  yield plan - respond
  await engineer.call(incidentApi.submitPlan, {
    incidentId,
    plan: {
      hypothesis: cause,
      impact: '部分用户受影响',
      steps: [{ seq: 1, action: cure, owner: '值班工程师', eta: null }],
      etaResolve: stage
        .now()
        .add({ minutes: repair - plan })
        .toString(),
      rollbackPlan: '恢复原状',
      commsPlan: '每三十分钟通报一次',
    },
  })
  yield repair - plan
  await engineer.call(incidentApi.resolve, { incidentId, result: cure })
  const isGrave = severity === 'I' || severity === 'II'
  yield 6
  await owner.manager.call(incidentApi.verify, { incidentId, restored: true, comment: '业务已恢复' })
  if (severity === 'III') await report(stage, incidentId, engineer, cause)
  if (isGrave) yield* explain(scene, incidentId, engineer, { cause, cure })
}

/** Time, cause and result, told truly. */
async function report(stage: Stage, incidentId: string, engineer: Caller, cause: string): Promise<void> {
  const now = stage.now()
  await engineer.call(incidentApi.submitReport, {
    incidentId,
    report: {
      occurredAt: now.subtract({ minutes: 400 }).toString(),
      detectedAt: now.subtract({ minutes: 395 }).toString(),
      directCause: cause,
      rootCauseStatus: 'CONFIRMED',
      result: 'RESTORED',
      impactSummary: '部分业务在处理期间不可用',
      dataLoss: false,
      residualRisk: '同批部件仍在用，已列入更换计划',
    },
  })
}

/** What follows a grave incident: the customer's word, the report, the post-mortem and its two approvals. */
async function* explain(
  { stage, staff }: Scene,
  incidentId: string,
  engineer: Caller,
  { cause, cure }: Pick<Trouble, 'cause' | 'cure'>,
): Steps {
  const { customer, leader } = staff
  await customer.call(incidentApi.confirm, { incidentId, restored: true, comment: '同意恢复结论' })
  await report(stage, incidentId, engineer, cause)
  yield 90
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
          ownerId: engineer.personId,
          dueOn: dayOf(stage.now()).add({ days: 14 }).toString(),
          verifyMethod: '抽查更换记录',
        },
      ],
      reviewedAt: stage.now().toString(),
      attendees: '运维、运营、应用方',
      conclusion: '原因清楚，措施可行',
    },
  })
  yield 30
  await leader.call(incidentApi.approvePostmortem, { incidentId, approve: true })
  const { actions } = await customer.call(incidentApi.approvePostmortem, { incidentId, approve: true })
  for (const { id: actionId } of actions) {
    yield 40
    await engineer.call(incidentApi.settleAction, { incidentId, actionId, state: 'DONE' })
    await staff.maintenance.call(incidentApi.settleAction, { incidentId, actionId, state: 'VERIFIED' })
  }
}
