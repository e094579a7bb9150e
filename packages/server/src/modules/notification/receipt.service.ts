import { createHmac } from 'node:crypto'
import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import type { notificationApi } from '@changbai/contract/notification.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import { sameSecret } from '../../platform/crypto.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { lockSent, updateDelivery } from './notice.store.ts'
import { activeChannels } from './setting.store.ts'
import { type Report, readReports, receiptOf } from './transport/receipt.ts'

type Api = typeof notificationApi
type GatewayChannel = 'SMS' | 'PHONE'

/** Reports taken from one call; a gateway with more sends them in several. */
const REPORTS_AT_MOST = 1000

/** The same as long as the server's key is: new settings of the channel do not change the gateway's side. */
export const receiptToken = (ctx: Pick<Ctx, 'crypto'>, channel: string): string =>
  createHmac('sha256', ctx.crypto.derive('notification.receipt')).update(channel).digest('base64url')

export const receiptPath = (ctx: Pick<Ctx, 'crypto'>, channel: GatewayChannel): string =>
  `/api/notifications/receipts/${channel}/${receiptToken(ctx, channel)}`

/** The gateway tells what arrived. A receipt may be faster than our own note that the message was sent. */
export async function takeReceipts(ctx: Ctx, { channel, token, ...body }: Input<Api['receipts']>): Promise<Reply<Api['receipts']>> {
  if (!sameSecret(token, receiptToken(ctx, channel))) fail(commonProblems.notFound)
  const setting = (await activeChannels(ctx.db)).find((row) => row.channel === channel)
  const receipt = setting && receiptOf(setting.settings)
  if (!receipt) return fail(commonProblems.notFound)
  const counts = { delivered: 0, failed: 0 }
  for (const report of readReports(receipt, body).slice(0, REPORTS_AT_MOST)) {
    const result = await noteReport(ctx, channel, report)
    if (result) counts[result] += 1
  }
  if (counts.delivered + counts.failed > 0)
    await ctx.record({ kind: 'notice.receipts', subject: { type: 'notification-channel', id: setting.id }, data: { channel, ...counts } })
  return { code: 0, msg: 'ok' }
}

async function noteReport(ctx: Ctx, channel: GatewayChannel, report: Report): Promise<'delivered' | 'failed' | null> {
  const row = await lockSent(ctx.db, channel, report.id)
  const isOpen = row && (row.state === 'SENT' || (row.state === 'PENDING' && row.attempts > 0))
  if (!isOpen || report.arrived === null) return null
  if (report.arrived) await updateDelivery(ctx.db, row.id, { state: 'DELIVERED', delivered_at: ctx.now, last_error: null })
  else await updateDelivery(ctx.db, row.id, { state: 'FAILED', last_error: `receipt: ${report.state}`.slice(0, 500) })
  return report.arrived ? 'delivered' : 'failed'
}
