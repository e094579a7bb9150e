import { isRole, ROLES } from '@changbai/contract/capability.ts'
import type { Language } from '../../shared/text.ts'

/** Words of the outcomes that processes offer; the verb on the button and the word in the timeline. */
const OUTCOMES: Record<string, readonly [verbZh: string, doneZh: string, verbEn: string, doneEn: string]> = {
  APPROVE: ['同意', '同意', 'Approve', 'approved'],
  ACCEPT: ['接受', '接受', 'Accept', 'accepted'],
  REJECT: ['不予通过', '不予通过', 'Reject', 'rejected'],
  RETURN: ['退回', '退回补正', 'Return', 'returned'],
  SUBMIT: ['提交', '提交', 'Hand in', 'handed in'],
  RESUBMIT: ['补充后重送', '补充重送', 'Send again', 'sent again'],
  CANCEL: ['撤销', '撤销', 'Cancel', 'cancelled'],
  DONE: ['办结', '办结', 'Done', 'done'],
  RETRY: ['重试', '重试', 'Retry', 'retried'],
  MANUAL: ['转人工办理', '转人工', 'Do by hand', 'by hand'],
  SPLIT: ['先交付已就绪的', '拆分交付', 'Deliver what is ready', 'split'],
  PASS: ['自检通过', '自检通过', 'Pass', 'passed'],
  FAIL: ['自检不通过', '自检不通过', 'Fail', 'failed'],
  ACK: ['签收', '签收', 'Acknowledge', 'acknowledged'],
  OBJECT: ['有异议', '有异议', 'Object', 'objected'],
  FIXED: ['整改完成', '整改完成', 'Mended', 'mended'],
  REBUILD: ['重新开通', '重新开通', 'Make again', 'made again'],
  READY: ['容量已备妥', '容量已备妥', 'Capacity ready', 'capacity ready'],
  CANNOT: ['无法扩容', '无法扩容', 'Cannot build', 'cannot build'],
  SIGN: ['签署确认', '已签署', 'Sign', 'signed'],
  GO_LIVE: ['转正式', '转正式', 'Go live', 'live'],
  WAIT: ['继续等待', '继续等待', 'Wait', 'waiting'],
  APPLY_DEFAULT: ['申请默认验收', '申请默认验收', 'Apply for default acceptance', 'default acceptance asked'],
  CONFIRM: ['确认', '确认', 'Confirm', 'confirmed'],
  KEEP: ['维持', '维持', 'Keep', 'kept'],
  RELEASE: ['释放', '释放', 'Release', 'to be released'],
  RELEASE_VOLUME: ['释放', '释放', 'Release', 'to be released'],
  RIGHT_SIZE: ['换小规格', '换小规格', 'Make smaller', 'to be made smaller'],
  CLUSTER_SHRINK: ['缩减集群', '缩减集群', 'Shrink the cluster', 'to shrink'],
  SHRINK: ['换小卷', '换小卷', 'Make smaller', 'to be made smaller'],
  TIER_DOWN: ['降档', '降档', 'Cheaper tier', 'to a cheaper tier'],
  CHANGE: ['换小或降档', '换小或降档', 'Smaller or cheaper', 'smaller or cheaper'],
  AGREE: ['同意处置', '同意处置', 'Sign', 'signed'],
  REFUSE: ['不同意', '不同意', 'Refuse', 'refused'],
  ASK_AGAIN: ['再次核实', '再次核实', 'Ask once more', 'asked once more'],
  ARBITRATE: ['转裁定', '转裁定', 'To a ruling', 'to a ruling'],
  EXTEND: ['延长试运行', '延长试运行', 'Extend the trial', 'extended'],
  SUPPORT: ['赞成', '赞成', 'Support', 'supported'],
  OPPOSE: ['反对', '反对', 'Oppose', 'opposed'],
  PASSED: ['通过', '通过', 'Pass', 'passed'],
  FAILED: ['不通过', '不通过', 'Does not pass', 'did not pass'],
  NOT_DONE: ['做不成', '做不成', 'Cannot be done', 'not done'],
  RESCHEDULE: ['改期', '改期', 'Another time', 'another time'],
  ROLLBACK: ['回退', '回退', 'Roll back', 'rolled back'],
  BLOCKED: ['不能动手', '不能动手', 'Blocked', 'blocked'],
  FEASIBLE: ['可行', '可行', 'Feasible', 'feasible'],
  INFEASIBLE: ['不可行', '不可行', 'Not feasible', 'not feasible'],
  PASS_WITH_CHANGES: ['修改后通过', '修改后通过', 'Pass with changes', 'passed with changes'],
}

/** Where the common word would mislead at one step, by step and outcome. */
const AT_STEP: Record<string, readonly [zh: string, en: string]> = {
  'confirmSplit REJECT': ['不拆分，等整份', 'Wait for all of it'],
}

export const outcomeVerb = (outcome: string, lang: Language, step = ''): string => {
  const english = lang === 'en-US'
  return AT_STEP[`${step} ${outcome}`]?.[english ? 1 : 0] ?? OUTCOMES[outcome]?.[english ? 2 : 0] ?? outcome
}
export const outcomeWord = (outcome: string, lang: Language): string => OUTCOMES[outcome]?.[lang === 'en-US' ? 3 : 1] ?? outcome

export const roleWord = (code: string, lang: Language): string => (isRole(code) ? ROLES[code][lang === 'en-US' ? 'en' : 'zh'] : code)
/** Roles as stored with a task may carry a scope behind a colon: `APP_PROJECT_MANAGER:…`. */
export const roleWords = (codes: readonly string[], lang: Language): string =>
  [...new Set(codes.map((code) => roleWord(code.split(':')[0] as string, lang)))].join(lang === 'en-US' ? ', ' : '、') || '—'

/** Who put a version in force: a person, or the program at its start. */
export const makerWord = (who: { personId: string | null; name: string }, lang: Language): string =>
  who.personId === null ? (lang === 'en-US' ? 'The program' : '系统') : who.name
export const reasonWord = (reason: string, lang: Language): string =>
  reason === 'shipped' ? (lang === 'en-US' ? 'Shipped with the program' : '随程序发布') : reason
