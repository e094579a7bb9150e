import type { ItemType } from '@changbai/contract/inventory.ts'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { recordTime } from '../../shared/time.ts'
import { Loaded, Sheet, Timeline } from '../../shared/ui/index.ts'
import { itemForms } from './edit/itemForms.ts'
import { inventoryText } from './inventoryText.ts'

/** Where a change came from; a procedure is named by its own word. */
const ways = { SCREEN: 'viaScreen', IMPORT: 'importTitle', DEMO: 'viaDemo', PROVISIONING: 'delivered' } as const
const word = (value: unknown): string =>
  value === null || value === undefined || value === '' ? '—' : typeof value === 'object' ? JSON.stringify(value) : String(value)

/** Who changed what, with the value before and after; corrections stand beside the old value. */
export function History({ type, id }: { type: ItemType; id: string }) {
  const t = useText(inventoryText)
  const labelOf = (key: string): string => {
    const field = itemForms[type].fields.find((one) => one.key === key || one.key.startsWith(`${key}.`))
    return field && !field.key.includes('.') ? t(field.label) : key === 'capacity' ? t('capacity') : key
  }
  const query = useQuery(ask('inventory.history', { type, id, limit: 50 }))
  return (
    <Sheet title={t('history')}>
      <Loaded query={query} rows={3}>
        {(page) =>
          page.items.length === 0 ? (
            <p className="second">{t('historyNone')}</p>
          ) : (
            <Timeline
              entries={page.items.map((change) => ({
                key: change.id,
                at: change.at,
                state: change.action === 'REJECTED' ? 'none' : 'kept',
                title: `${change.by.name} ${t(change.action === 'RETIRED' ? 'RETIRED_ACT' : change.action)}`,
                note: (
                  <>
                    {recordTime(change.at)} ·{' '}
                    {t('via', { via: change.via in ways ? t(ways[change.via as keyof typeof ways]) : change.via })}
                    {change.action !== 'CREATED' &&
                      Object.keys(change.after ?? {}).map((field) => (
                        <div key={field}>
                          <span className="ink2">{labelOf(field)}</span> {word(change.before?.[field])} →{' '}
                          <b>{word(change.after?.[field])}</b>
                        </div>
                      ))}
                  </>
                ),
              }))}
            />
          )
        }
      </Loaded>
    </Sheet>
  )
}
