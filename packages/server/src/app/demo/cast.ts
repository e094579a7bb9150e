import type { Role } from '@changbai/contract/capability.ts'

/** Everybody and everything here is invented. One passphrase for all, printed at start, for demo data only. */
export const DEMO_PASSWORD = 'Tianchi-2026-snow'

export interface DemoBureau {
  code: string
  name: string
  shortName: string
}
export interface DemoPerson {
  signIn: string
  name: string
  unit: string
  roles: readonly Role[]
  /** Code of the bureau, for roles of a bureau. */
  bureau?: string
}

export const demoBureaus: readonly DemoBureau[] = [
  { code: 'rst', name: '吉林省人力资源和社会保障厅', shortName: '省人社厅' },
  { code: 'lcj', name: '吉林省林业和草原局', shortName: '省林草局' },
  { code: 'ybj', name: '吉林省医疗保障局', shortName: '省医保局' },
  { code: 'jyt', name: '吉林省教育厅', shortName: '省教育厅' },
  { code: 'zrt', name: '吉林省自然资源厅', shortName: '省自然资源厅' },
  { code: 'sthjt', name: '吉林省生态环境厅', shortName: '省生态环境厅' },
  { code: 'slt', name: '吉林省水利厅', shortName: '省水利厅' },
  { code: 'mzt', name: '吉林省民政厅', shortName: '省民政厅' },
]

const OPERATION = '运营组'
const MAINTENANCE = '运维组'
const OFFICE = '省电子政务办'

export const demoPeople: readonly DemoPerson[] = [
  { signIn: 'lijiaqi', name: '李佳琪', unit: '省人社厅', roles: ['APP_PROJECT_MANAGER'], bureau: 'rst' },
  { signIn: 'wangzihan', name: '王子涵', unit: '省人社厅', roles: ['APP_ENGINEER'], bureau: 'rst' },
  { signIn: 'chenlihua', name: '陈丽华', unit: '省人社厅', roles: ['TENANT_APPROVER'], bureau: 'rst' },
  { signIn: 'zhangbo', name: '张博', unit: '省人社厅', roles: ['TENANT_ADMIN'], bureau: 'rst' },
  { signIn: 'yangfan', name: '杨帆', unit: '省林草局', roles: ['APP_PROJECT_MANAGER'], bureau: 'lcj' },
  { signIn: 'luxiaoyu', name: '卢晓宇', unit: '省林草局', roles: ['APP_ENGINEER'], bureau: 'lcj' },
  { signIn: 'tianguohua', name: '田国华', unit: '省林草局', roles: ['TENANT_APPROVER'], bureau: 'lcj' },
  { signIn: 'renjing', name: '任静', unit: '省林草局', roles: ['TENANT_ADMIN'], bureau: 'lcj' },
  { signIn: 'liuwei', name: '刘薇', unit: '省医保局', roles: ['APP_PROJECT_MANAGER'], bureau: 'ybj' },
  { signIn: 'gaoyuan', name: '高远', unit: '省医保局', roles: ['APP_ENGINEER'], bureau: 'ybj' },
  { signIn: 'huangzhigang', name: '黄志刚', unit: '省医保局', roles: ['TENANT_APPROVER'], bureau: 'ybj' },
  { signIn: 'panyue', name: '潘悦', unit: '省医保局', roles: ['TENANT_ADMIN'], bureau: 'ybj' },
  { signIn: 'wuxue', name: '吴雪', unit: '省教育厅', roles: ['APP_PROJECT_MANAGER'], bureau: 'jyt' },
  { signIn: 'jiangdawei', name: '姜大伟', unit: '省教育厅', roles: ['TENANT_APPROVER'], bureau: 'jyt' },
  { signIn: 'xiehao', name: '谢昊', unit: '省自然资源厅', roles: ['APP_PROJECT_MANAGER'], bureau: 'zrt' },
  { signIn: 'caoyang', name: '曹阳', unit: '省自然资源厅', roles: ['TENANT_APPROVER'], bureau: 'zrt' },
  { signIn: 'denglin', name: '邓琳', unit: '省生态环境厅', roles: ['APP_PROJECT_MANAGER'], bureau: 'sthjt' },
  { signIn: 'fuming', name: '付明', unit: '省生态环境厅', roles: ['TENANT_APPROVER'], bureau: 'sthjt' },
  { signIn: 'pengfei', name: '彭飞', unit: '省水利厅', roles: ['APP_PROJECT_MANAGER'], bureau: 'slt' },
  { signIn: 'zengli', name: '曾丽', unit: '省水利厅', roles: ['TENANT_APPROVER'], bureau: 'slt' },
  { signIn: 'luojia', name: '罗佳', unit: '省民政厅', roles: ['APP_PROJECT_MANAGER'], bureau: 'mzt' },
  { signIn: 'yuanzheng', name: '袁征', unit: '省民政厅', roles: ['TENANT_APPROVER'], bureau: 'mzt' },

  { signIn: 'zhoumin', name: '周敏', unit: OPERATION, roles: ['OPERATION_MANAGER'] },
  { signIn: 'linxiaodong', name: '林晓东', unit: OPERATION, roles: ['OPERATION_MANAGER'] },
  { signIn: 'xuran', name: '徐然', unit: OPERATION, roles: ['OPERATION_TECHNICIAN'] },
  { signIn: 'gaoyan', name: '高岩', unit: OPERATION, roles: ['IAAS_ADMIN'] },
  { signIn: 'wangyutong', name: '王雨桐', unit: OPERATION, roles: ['SERVICE_DESK'] },
  { signIn: 'liuchang', name: '刘畅', unit: OPERATION, roles: ['SERVICE_DESK'] },
  { signIn: 'zhaolixin', name: '赵立新', unit: MAINTENANCE, roles: ['MAINTENANCE_MANAGER'] },
  { signIn: 'qinhai', name: '秦海', unit: MAINTENANCE, roles: ['MAINTENANCE_MANAGER'] },
  { signIn: 'majun', name: '马骏', unit: MAINTENANCE, roles: ['MAINTENANCE_ENGINEER'] },
  { signIn: 'wanglei', name: '王磊', unit: MAINTENANCE, roles: ['MAINTENANCE_ENGINEER', 'DUTY_OFFICER'] },
  { signIn: 'zhaoyang', name: '赵阳', unit: MAINTENANCE, roles: ['MAINTENANCE_ENGINEER', 'DUTY_OFFICER'] },
  { signIn: 'hanbin', name: '韩彬', unit: '机房', roles: ['DUTY_OFFICER'] },
  { signIn: 'dongqiang', name: '董强', unit: '机房', roles: ['DUTY_OFFICER'] },
  { signIn: 'sunhao', name: '孙浩', unit: '建设组', roles: ['BUILD_PROJECT_MANAGER'] },
  { signIn: 'fengzhiyuan', name: '冯志远', unit: '运维服务公司', roles: ['PROVIDER_LEADER'] },

  { signIn: 'hanxuefeng', name: '韩雪峰', unit: OFFICE, roles: ['CUSTOMER_OM_MANAGER'] },
  { signIn: 'guojianguo', name: '郭建国', unit: OFFICE, roles: ['CUSTOMER_LEADER'] },
  { signIn: 'hejing', name: '何静', unit: '第三方测评机构', roles: ['THIRD_PARTY'] },

  { signIn: 'dengyu', name: '邓宇', unit: '平台管理', roles: ['SYSTEM_ADMIN'] },
  { signIn: 'shenlan', name: '沈岚', unit: '平台管理', roles: ['SECURITY_ADMIN'] },
  { signIn: 'luwenbo', name: '陆文博', unit: '平台管理', roles: ['AUDIT_ADMIN'] },
]
