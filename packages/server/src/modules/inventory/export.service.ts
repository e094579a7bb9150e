import type { Input } from '@changbai/contract/endpoint.ts'
import type { inventoryApi, TableType } from '@changbai/contract/inventory.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Cursor } from '../../platform/keyset.ts'
import type { Download } from '../../platform/mount.ts'
import { type Cell, spoolSheet } from '../../platform/sheets.ts'
import { queryOf, withNames } from './item.service.ts'
import { findItems, type Item, listItems } from './items.store.ts'
import { kinds } from './kinds.store.ts'
import { type Column, columns } from './sheet/columns.domain.ts'

const ROWS_AT_ONCE = 1_000

const names: Record<TableType, { zh: string; en: string }> = {
  application: { zh: '应用系统', en: 'applications' },
  server: { zh: '服务器', en: 'servers' },
  volume: { zh: '存储', en: 'volumes' },
  network: { zh: '网络资源', en: 'networks' },
  rack: { zh: '机柜', en: 'racks' },
}

/** Takes out what the actor may see, in the very columns the import takes; without rows it is the form to fill in. */
export async function exportItems(ctx: Ctx, input: Input<(typeof inventoryApi)['exportItems']>): Promise<Download> {
  const { type, format, empty, filter } = input
  const sheet = await spoolSheet<Cell[]>(ctx, {
    format,
    name: names[type][ctx.locale === 'en-US' ? 'en' : 'zh'],
    columns: columns[type].map(({ zh, en, required }, index) => ({
      zh: `${zh}${required ? '*' : ''}`,
      en: `${en}${required ? '*' : ''}`,
      cell: (row) => row[index] ?? null,
    })),
    pages: empty ? noPages() : rowPages(ctx, type, filter),
  })
  await ctx.record({
    kind: 'inventory.exported',
    subject: { type: 'inventory', id: type },
    data: { format, filter, empty, rows: sheet.rows },
  })
  return sheet
}

async function* noPages(): AsyncIterable<Cell[][]> {}

async function* rowPages(
  ctx: Ctx,
  type: TableType,
  filter: Input<(typeof inventoryApi)['exportItems']>['filter'],
): AsyncIterable<Cell[][]> {
  const { q, state, retired, ...equals } = filter
  const query = queryOf(ctx, type, { q, states: state, retired, equals })
  for (let after: Cursor | undefined; ; ) {
    const rows = await listItems(ctx.db, kinds[type], query, after, ROWS_AT_ONCE)
    yield await toRows(
      ctx,
      type,
      await withNames(
        ctx,
        rows.map(({ item }) => item),
      ),
    )
    if (rows.length < ROWS_AT_ONCE) return
    after = rows.at(-1)?.cursor
  }
}

/** References are written as people write them: codes and names. */
async function toRows(ctx: Ctx, type: TableType, items: readonly Item[]): Promise<Cell[][]> {
  const lookUp = async (kind: 'application' | 'server' | 'pool' | 'rack', field: string, label: string) => {
    const ids = [...new Set(items.flatMap((item) => (typeof item[field] === 'string' ? [item[field]] : [])))]
    const found = ids.length > 0 ? await findItems(ctx.db, kinds[kind], ids) : []
    return new Map(found.map((item) => [item.id, String(item[label])]))
  }
  const references: Record<string, [string, Map<string, string>]> = {
    applicationCode: ['applicationId', type === 'application' ? new Map() : await lookUp('application', 'applicationId', 'code')],
    serverName: ['serverId', await lookUp('server', 'serverId', 'name')],
    poolCode: ['poolId', await lookUp('pool', 'poolId', 'code')],
    rackName: ['rackId', await lookUp('rack', 'rackId', 'name')],
  }
  const cell = (item: Item, column: Column): Cell => {
    const reference = references[column.field]
    if (reference) return reference[1].get(String(item[reference[0]])) ?? null
    if (column.field === 'tenant') return (item.tenantName as string | null) ?? (item.tenantId as string)
    const value = item[column.field]
    if (column.kind === 'list' && Array.isArray(value)) return value.map((one: { address: string }) => one.address).join('; ')
    if (typeof value === 'string' && ctx.locale === 'zh-CN') return column.words?.[value] ?? value
    return (value as Cell) ?? null
  }
  return items.map((item) => columns[type].map((column) => cell(item, column)))
}
