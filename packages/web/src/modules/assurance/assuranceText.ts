import { defineText } from '../../shared/text.ts'

export const assuranceText = defineText(
  'assurance',
  {
    controls: '安全控制项',
    sentence: '等保三级与密码应用要求逐项：如何落实，此刻查到的证据；属于部署与管理的照实标明。',
    export: '导出审计资料',
    exportHelp: '一个工作簿：控制项、账号、授权与审批、职责分离、委托、复核、策略、日志留存、备份与演练；导出本身留痕',
    at: '{{at}} 查得',
    KEPT: '已落实',
    PARTLY: '部分落实',
    NOT_KEPT: '未落实',
    OUTSIDE: '由部署或管理落实',
    noEvidence: '平台没有这一项的证据，由部署单位或管理制度提供。',
    well: '符合',
    notWell: '不符合',
    look: '查看',
  },
  {
    controls: 'Security controls',
    sentence:
      'What level 3 and the rules on cryptography ask for, one by one: how it is kept and what was found just now; what is up to deployment is said so.',
    export: 'Export for the audit',
    exportHelp:
      'One workbook: controls, accounts, grants with approvals, separation of duties, delegations, reviews, policy, retention, backups and drills; taking it leaves a fact',
    at: 'found at {{at}}',
    KEPT: 'kept',
    PARTLY: 'partly kept',
    NOT_KEPT: 'not kept',
    OUTSIDE: 'up to deployment or management',
    noEvidence: 'The platform has no evidence of its own; deployment or management provides it.',
    well: 'well',
    notWell: 'not well',
    look: 'look',
  },
)
