import { capacityApi } from '@changbai/contract/inventory.capacity.ts'
import { logApi } from '@changbai/contract/log.ts'
import { policyCheckApi } from '@changbai/contract/policy-check.ts'
import { receiveDemoLines } from '../../../../modules/log/index.ts'
import type { Steps } from '../agenda.ts'
import { dayOf, type Scene, START } from '../staff.ts'
import type { Caller } from '../stage.ts'

/** What devices sent today comes in, is read and signed for. */
export async function* readDeviceLogs({ stage }: Scene, by: Caller): Steps {
  await stage.server.runtime.door.enter(START, receiveDemoLines)
  yield 12
  await by.call(logApi.signReview, { day: dayOf(stage.now()).toString(), finding: '登录失败来源已核，均为口令输错；其余正常' })
}

/** Once a month somebody makes sure that security policies are in force. */
export async function checkPolicies({ staff }: Scene): Promise<void> {
  await staff.maintenance.call(policyCheckApi.sign, {
    outcome: 'IN_FORCE',
    finding: '抽查出口防火墙与安全组共 24 条，与审批单一致；管理端口自互联网侧均不可达',
  })
}

/** What the builder means to add, each quarter. */
export async function planCapacity({ staff }: Scene): Promise<void> {
  await staff.construction.call(capacityApi.makePlan, {
    summary: '计算余量充足；存储按趋势明年一季度触及 75%',
    measures: '四季度扩容两台存储节点；长期闲置资源按规则回收',
  })
}
