import { type DemoBureau, type DemoPerson, demoBureaus, demoPeople } from '../cast.ts'
import type { Dice } from './dice.ts'

// Everybody here is invented; the bureaus are of the kinds that any province has.
const more: readonly (readonly [code: string, name: string, shortName: string])[] = [
  ['fgw', '吉林省发展和改革委员会', '省发改委'],
  ['gxt', '吉林省工业和信息化厅', '省工信厅'],
  ['kjt', '吉林省科学技术厅', '省科技厅'],
  ['czt', '吉林省财政厅', '省财政厅'],
  ['jtt', '吉林省交通运输厅', '省交通厅'],
  ['nyt', '吉林省农业农村厅', '省农业农村厅'],
  ['swt', '吉林省商务厅', '省商务厅'],
  ['wlt', '吉林省文化和旅游厅', '省文旅厅'],
  ['wjw', '吉林省卫生健康委员会', '省卫健委'],
  ['tyj', '吉林省退役军人事务厅', '省退役军人厅'],
  ['yjt', '吉林省应急管理厅', '省应急厅'],
  ['sjt', '吉林省审计厅', '省审计厅'],
  ['scj', '吉林省市场监督管理厅', '省市场监管厅'],
  ['tjj', '吉林省统计局', '省统计局'],
  ['jrj', '吉林省地方金融管理局', '省金融局'],
  ['xfj', '吉林省信访局', '省信访局'],
  ['zjt', '吉林省住房和城乡建设厅', '省住建厅'],
  ['sft', '吉林省司法厅', '省司法厅'],
  ['gdj', '吉林省广播电视局', '省广电局'],
  ['tiyj', '吉林省体育局', '省体育局'],
  ['gzw', '吉林省国有资产监督管理委员会', '省国资委'],
  ['qxj', '吉林省气象服务中心', '省气象中心'],
  ['dzj', '吉林省地震局', '省地震局'],
  ['yjj', '吉林省药品监督管理局', '省药监局'],
  ['nyj', '吉林省能源局', '省能源局'],
  ['lsj', '吉林省粮食和物资储备局', '省粮储局'],
  ['daj', '吉林省档案馆', '省档案馆'],
  ['ggj', '吉林省公共资源交易中心', '省交易中心'],
  ['zwj', '吉林省政务服务中心', '省政务中心'],
  ['kxy', '吉林省科学技术信息研究所', '省科信所'],
  ['dcj', '吉林省地质调查院', '省地调院'],
  ['zyj', '吉林省中医药管理局', '省中医药局'],
]
const families = [...'孙胡朱林何郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈']
const givens = [
  '文博',
  '雅静',
  '建军',
  '晓雪',
  '立群',
  '思远',
  '海燕',
  '志强',
  '慧敏',
  '长青',
  '秋月',
  '振东',
  '丽娟',
  '国栋',
  '春梅',
  '瑞祥',
]

export interface House {
  bureaus: readonly DemoBureau[]
  people: readonly DemoPerson[]
}

/** So many bureaus, forty at most; those beyond the demo's own have a project manager, an engineer and an approver each; so do those of the demo's own that lack one. */
export function furnish(dice: Dice, count: number): House {
  const bureaus = [...demoBureaus, ...more.map(([code, name, shortName]) => ({ code, name, shortName }))].slice(0, count)
  const named = (): string => dice.pick(families) + dice.pick(givens)
  const people = demoPeople.filter(({ bureau }) => bureau === undefined || bureaus.some(({ code }) => code === bureau))
  for (const { code, shortName } of bureaus.slice(0, demoBureaus.length))
    if (!people.some((one) => one.bureau === code && one.roles.includes('APP_ENGINEER')))
      people.push({ signIn: `${code}-ae`, name: named(), unit: shortName, roles: ['APP_ENGINEER'], bureau: code })
  for (const { code, shortName } of bureaus.slice(demoBureaus.length)) {
    people.push({ signIn: `${code}-pm`, name: named(), unit: shortName, roles: ['APP_PROJECT_MANAGER'], bureau: code })
    people.push({ signIn: `${code}-ae`, name: named(), unit: shortName, roles: ['APP_ENGINEER'], bureau: code })
    people.push({ signIn: `${code}-tl`, name: named(), unit: shortName, roles: ['TENANT_APPROVER'], bureau: code })
  }
  return { bureaus, people }
}
