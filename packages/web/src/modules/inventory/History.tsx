import type { ItemType } from '@changbai/contract/inventory.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { recordTime } from '../../shared/time.ts'
import { Loaded, Sheet, Timeline } from '../../shared/ui/index.ts'
import { inventoryText } from './inventoryText.ts'

const word = (value: unknown): string =>
  value === null || value === undefined || value === '' ? '—' : typeof value === 'object' ? JSON.stringify(value) : String(value)

/** Who changed what, with the value before and after; corrections stand beside the old value. */
export function History({ type, id }: { type: ItemType; id: string }) {
  const t = useText(inventoryText)
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
                    {recordTime(change.at)} · {t('via', { via: change.via })}
                    {change.action === 'CHANGED' &&
                      Object.keys(change.after ?? {}).map((field) => (
                        <div key={field}>
                          <span className="mono">{field}</span> {word(change.before?.[field])} → <b>{word(change.after?.[field])}</b>
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

const places: Partial<Record<ItemType, string>> = {
  application: '/cloud/applications',
  server: '/cloud/servers',
  volume: '/cloud/volumes',
  network: '/cloud/networks',
  pool: '/cloud/pools',
  hardwareModel: '/cloud/hardware',
}

/** What hangs together with it, nearest first. */
export function Relations({ type, id }: { type: ItemType; id: string }) {
  const t = useText(inventoryText)
  const query = useQuery(ask('inventory.relations', { type, id, depth: 1 }))
  return (
    <Sheet flush title={t('relations')}>
      <Loaded query={query} rows={3}>
        {({ nodes, edges, cut }) =>
          edges.length === 0 ? (
            <p className="second sheet-line">{t('relationsNone')}</p>
          ) : (
            <ul className="list">
              {edges.map((edge) => {
                const outward = edge.from === id
                const other = nodes.find((node) => node.id === (outward ? edge.to : edge.from))
                if (!other) return null
                const place = places[other.type]
                return (
                  <li key={`${edge.from}${edge.kind}${edge.to}`} className="row apart">
                    <span className="second">{outward ? t(edge.kind) : `← ${t(edge.kind)}`}</span>
                    {place ? <Link to={`${place}/${other.id}`}>{other.name}</Link> : <span>{other.name}</span>}
                  </li>
                )
              })}
              {cut && <li className="note">{t('relationsCut')}</li>}
            </ul>
          )
        }
      </Loaded>
    </Sheet>
  )
}
