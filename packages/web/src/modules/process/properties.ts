import type { Language } from '../../shared/text.ts'

/** Our attributes of an element: what they are called, and how they are written. */
const WORDS: Readonly<Record<string, readonly [zh: string, en: string, helpZh: string, helpEn: string]>> = {
  name: ['名称', 'Name', '', ''],
  'wf:formKey': ['表单', 'Form', '程序里登记的表单代号', 'A form registered in the program'],
  'wf:candidateRoles': ['办理角色', 'Roles that may act', '角色代号，用逗号隔开', 'Role codes, separated by commas'],
  'wf:assignee': ['指定办理人', 'Assignee', '=starter 为发起人；空着由上面的角色认领', '=starter is who began it; empty: any of the roles'],
  'wf:due': ['时限', 'Limit', '如 2wd、4bh、param:request.preReview', 'e.g. 2wd, 4bh, param:request.preReview'],
  'wf:dueFrom': ['时限起算', 'Clock starts at', '变量名；空着从到达起算', 'A variable; empty: on arrival'],
  'wf:notBy': ['须由他人办理', 'Not by the same person as', '前面步骤的代号，用逗号隔开', 'Ids of earlier steps, separated by commas'],
  'wf:outcomes': ['可选结果', 'Outcomes', '如 APPROVE,REJECT', 'e.g. APPROVE,REJECT'],
  'wf:returnTo': ['默认退回到', 'Returns to', '前面步骤的代号', 'Id of an earlier step'],
  'wf:clause': ['条款', 'Clause', '方案条款号', 'Number of the clause'],
  'wf:topic': ['自动任务', 'Topic', '程序里登记的自动任务代号', 'A task registered in the program'],
  'wf:mode': ['方式', 'Mode', 'tx：随事务；outside：办完回写', 'tx: within the transaction; outside: written back'],
  'wf:calendar': ['日历', 'Calendar', '', ''],
  conditionExpression: ['条件', 'Condition', '', ''],
  eventDefinitions: ['时间或消息', 'Time or message', '', ''],
}

export const propertyWord = (name: string, lang: Language): string => WORDS[name]?.[lang === 'en-US' ? 1 : 0] ?? name
export const propertyHelp = (name: string, lang: Language): string => WORDS[name]?.[lang === 'en-US' ? 3 : 2] ?? ''
