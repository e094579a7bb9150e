import { problem } from './problem.ts'

export const provisioningProblems = {
  notCollectable: problem('provisioning.not-collectable', 410, {
    zh: '这个领取链接已失效，可在工单里重新取得',
    en: 'This link has ended; get a new one on the work order',
  }),
  alreadyCollected: problem('provisioning.already-collected', 409, {
    zh: '凭据已由 {name} 在 {at} 领取，只显示一次',
    en: 'The credentials were collected by {name} at {at}; they are shown once only',
  }),
  wrongState: problem('provisioning.wrong-state', 409, {
    zh: '工单当前状态不能做这一步',
    en: 'The work order is not at a point where this is possible',
  }),
  samePerson: problem('provisioning.same-person', 403, {
    zh: '执行人与验收人、提出人与批准人不能是同一人',
    en: 'One person cannot both do and accept, or propose and approve',
  }),
  modelNotAccepted: problem('provisioning.model-not-accepted', 409, {
    zh: '机型 {model} 还没有通过硬件验收测试',
    en: 'Model {model} has not passed its hardware acceptance test',
  }),
  nameTaken: problem('provisioning.name-taken', 409, {
    zh: '主机名 {name} 在本应用中已使用，请退回修改',
    en: 'Host name {name} is in use in this application; return the order to have it changed',
  }),
  rangeTaken: problem('provisioning.range-taken', 409, {
    zh: '网段 {cidr} 已分给其他应用，请退回修改网段',
    en: 'Range {cidr} is held by another application; return the order to have it changed',
  }),
  noAddresses: problem('provisioning.no-addresses', 409, {
    zh: '地址池“{pool}”已用完，请 IaaS 管理员扩充',
    en: 'Address pool “{pool}” is used up; the IaaS administrator must extend it',
  }),
  linesMissing: problem('provisioning.lines-missing', 400, {
    zh: '每一行都要有结论：{missing}',
    en: 'Every line needs a result: {missing}',
  }),
}
