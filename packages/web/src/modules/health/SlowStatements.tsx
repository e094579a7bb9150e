import { useQuery } from '@tanstack/react-query'
import { ask } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { count, listTime } from '../../shared/time.ts'
import { EmptyState, Loaded, Sheet } from '../../shared/ui/index.ts'
import { healthText } from './healthText.ts'

/** What the database was slow at, as prepared. */
export function SlowStatements() {
  const t = useText(healthText)
  const lang = useLanguage()
  const query = useQuery({ ...ask('health.slow', {}), refetchInterval: 60_000 })
  return (
    <Loaded query={query} rows={3}>
      {({ limitMs, items }) => (
        <Sheet flush title={t('slow')}>
          <p className="note sheet-note">{t('slowSentence', { ms: limitMs })}</p>
          {items.length === 0 ? (
            <EmptyState title={t('noSlow')} />
          ) : (
            <div className="grid-scroll">
              <table className="grid">
                <thead>
                  <tr>
                    <th>{t('statement')}</th>
                    <th className="num">{t('calls')}</th>
                    <th className="num">{t('total')}</th>
                    <th className="num">{t('most')}</th>
                    <th>{t('last')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((one) => (
                    <tr key={one.id}>
                      <td>
                        <details className="health-statement">
                          <summary className="mono">{one.statement.replaceAll(/\s+/g, ' ').slice(0, 90)}</summary>
                          <pre className="mono">{one.statement}</pre>
                        </details>
                      </td>
                      <td className="num">{count(one.calls)}</td>
                      <td className="num">{count(one.totalMs)} ms</td>
                      <td className="num">{count(one.maxMs)} ms</td>
                      <td>{listTime(one.lastAt, lang)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Sheet>
      )}
    </Loaded>
  )
}
