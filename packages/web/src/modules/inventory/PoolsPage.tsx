import type { Pool } from '@changbai/contract/inventory.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { percent } from '../../shared/time.ts'
import { EmptyState, Loaded, PageTitle, Progress, Sheet } from '../../shared/ui/index.ts'
import { AddItem } from './edit/acts.tsx'
import { inventoryText } from './inventoryText.ts'
import { amountKeys, amountText, amountWord } from './words.tsx'

/** Each amount of a pool: promised of usable, and what is left. A pool without an amount does not list it. */
export function PoolFigures({ pool }: { pool: Pool }) {
  const t = useText(inventoryText)
  return (
    <div className="grid-scroll">
      <table className="grid fixed">
        <thead>
          <tr>
            <th />
            <th className="num">{t('capacity')}</th>
            <th className="num">{t('usable')}</th>
            <th className="num">{t('reserved')}</th>
            <th className="num">{t('committed')}</th>
            <th className="num">{t('free')}</th>
            <th style={{ width: 140 }} />
          </tr>
        </thead>
        <tbody>
          {amountKeys
            .filter((key) => pool.capacity[key] > 0 || pool.committed[key] > 0)
            .map((key) => {
              const promised = pool.reserved[key] + pool.committed[key]
              const ratio = pool.usable[key] > 0 ? promised / pool.usable[key] : promised > 0 ? 1 : 0
              return (
                <tr key={key}>
                  <td className="nowrap">{t(amountWord[key])}</td>
                  <td className="num">{amountText(key, pool.capacity[key])}</td>
                  <td className="num">{amountText(key, pool.usable[key])}</td>
                  <td className="num">{amountText(key, pool.reserved[key])}</td>
                  <td className="num">{amountText(key, pool.committed[key])}</td>
                  <td className="num">
                    <b>{amountText(key, pool.free[key])}</b>
                  </td>
                  <td>
                    <Progress ratio={ratio} tone={ratio >= 1 ? 'breach' : ratio >= 0.8 ? 'risk' : 'ink'} />
                    <span className="note">{percent(ratio)}</span>
                  </td>
                </tr>
              )
            })}
        </tbody>
      </table>
    </div>
  )
}

export function PoolsPage() {
  const t = useText(inventoryText)
  const query = useQuery(ask('inventory.listPools', { limit: 100 }))
  return (
    <div className="page">
      <PageTitle title={t('pools')} sentence={t('poolsSentence')} acts={<AddItem type="pool" />} />
      <Loaded query={query}>
        {(page) =>
          page.items.length === 0 ? (
            <Sheet>
              <EmptyState title={t('firstUse', { what: t('pools') })} />
            </Sheet>
          ) : (
            <div className="stack">
              {page.items.map((pool) => (
                <Sheet
                  key={pool.id}
                  flush
                  title={<Link to={`/cloud/pools/${pool.id}`}>{pool.name}</Link>}
                  note={[pool.code, pool.zone, pool.env && t(pool.env)].filter(Boolean).join(' · ')}
                >
                  <PoolFigures pool={pool} />
                </Sheet>
              ))}
            </div>
          )
        }
      </Loaded>
    </div>
  )
}
