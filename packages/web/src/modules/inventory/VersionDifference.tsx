import type { BaseParametersVersion } from '@changbai/contract/inventory.ts'
import type { z } from 'zod'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Dialog, EmptyState } from '../../shared/ui/index.ts'
import { inventoryText } from './inventoryText.ts'
import { leaves } from './leaves.ts'

type Version = z.output<typeof BaseParametersVersion>

/** An older version beside the one in force: only what differs. */
export function VersionDifference({ then, now, onClose }: { then: Version; now: Version; onClose: () => void }) {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const before = leaves(then.parameters)
  const after = leaves(now.parameters)
  const keys = [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key))
  return (
    <Dialog wide title={`${t('versionTitle', { version: then.version })} · ${t('versionDiff')}`} onClose={onClose}>
      <p className="second">
        {then.by.id === null ? t('system') : then.by.name} {listTime(then.at, lang)} · {then.reason}
      </p>
      {keys.length === 0 ? (
        <EmptyState title={t('versionSame')} />
      ) : (
        <div className="grid-scroll">
          <table className="grid dense">
            <thead>
              <tr>
                <th>{t('parameter')}</th>
                <th>{t('compareBefore')}</th>
                <th>{t('compareAfter')}</th>
              </tr>
            </thead>
            <tbody>
              {keys.map((key) => (
                <tr key={key}>
                  <td className="mono">{key}</td>
                  <td>{before.get(key) || '—'}</td>
                  <td>{after.get(key) || '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Dialog>
  )
}
