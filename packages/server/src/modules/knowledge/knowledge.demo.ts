import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { publishArticle, writeArticle } from './knowledge.service.ts'

const ARTICLES = [
  {
    title: '登录收不到短信验证码',
    keywords: '短信 验证码 登录',
    audience: 'ALL',
    body: '先确认手机号与统一门户登记的一致，再等一分钟后重发。仍收不到时，请值班人员查看短信网关会话：会话断开的，重建会话即可收到。\n多个单位同时收不到，按 III 级报障。',
  },
  {
    title: '云主机远程连不上的三步排查',
    keywords: '云主机 SSH 远程桌面 安全组',
    audience: 'BUREAU',
    body: '一、看云主机是否为运行中。二、看安全组是否放行来源网段，不能对所有地址开放 22 与 3389 端口。三、从同网段另一台主机测试端口。三步都正常仍连不上，请报障并附上测试时刻。',
  },
  {
    title: '存储链路降速时的隔离步骤',
    keywords: '存储 链路 多路径',
    audience: 'PROVIDER',
    body: '用多路径工具确认降速的链路，先停用该链路再观察时延。确认业务恢复后更换光模块。隔离前须确认另一条链路正常，否则会造成业务中断。',
  },
] as const

/** A few articles, so that suggestions have something to suggest. */
export async function seedDemoKnowledge(ctx: Ctx, author: { id: string; name: string }): Promise<void> {
  const grants = [{ role: 'OPERATION_MANAGER' as const, tenantId: null, applicationId: null }]
  const as: Ctx = { ...ctx, actor: { kind: 'person', personId: author.id, name: author.name, grants, address: '', sessionId: null } }
  const reviewOn = shanghaiDay(ctx.now).add({ days: 180 }).toString()
  for (const article of ARTICLES) {
    const { id } = await writeArticle(as, { ...article, note: '' })
    await publishArticle(as, { articleId: id, reviewOn })
  }
}
