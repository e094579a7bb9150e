import type { BaseParameters } from '@changbai/contract/inventory.ts'
import { zoneNames } from '@changbai/contract/zones.names.ts'
import { Plus, X } from 'lucide-react'
import { pick, useText } from '../../shared/text.ts'
import { Button } from '../../shared/ui/index.ts'
import { inventoryText } from './inventoryText.ts'

type Word = 'zoneCode' | 'name' | 'zoneKind' | 'availabilityZone' | 'zone' | 'cidr' | 'gateway' | 'dns' | 'reservedAddresses'
interface LineColumn<R> {
  key: keyof R & string
  label: Word
  /** Codes with their words; without it the value is typed. */
  codes?: Readonly<Record<string, { zh: string; en: string }>>
  read?: (value: R[keyof R]) => string
  write?: (text: string) => unknown
}
type ZoneLine = BaseParameters['zones'][number]
type PoolLine = BaseParameters['addressPools'][number]

const several = (text: string): string[] =>
  text
    .split(/[,，\s]+/)
    .map((one) => one.trim())
    .filter(Boolean)
const list = { read: (value: unknown) => (value as string[]).join(' '), write: several }

export const zoneColumns: readonly LineColumn<ZoneLine>[] = [
  { key: 'code', label: 'zoneCode' },
  { key: 'name', label: 'name' },
  { key: 'kind', label: 'zoneKind', codes: zoneNames },
  { key: 'availabilityZone', label: 'availabilityZone' },
]
export const poolColumns: readonly LineColumn<PoolLine>[] = [
  { key: 'name', label: 'name' },
  { key: 'zone', label: 'zone' },
  { key: 'cidr', label: 'cidr' },
  { key: 'gateway', label: 'gateway', read: (value) => (value as string | null) ?? '', write: (text) => text || null },
  { key: 'dns', label: 'dns', ...list },
  { key: 'reserved', label: 'reservedAddresses', ...list },
]

/** A list of the base parameters, a line each: zones, address pools. */
export function Lines<R extends object>({
  title,
  columns,
  rows,
  fresh,
  readOnly,
  onChange,
}: {
  title: string
  columns: readonly LineColumn<R>[]
  rows: readonly R[]
  fresh: R
  readOnly: boolean
  onChange: (rows: R[]) => void
}) {
  const t = useText(inventoryText)
  const change = (index: number, column: LineColumn<R>, text: string) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, [column.key]: column.write ? column.write(text) : text } : row)))
  return (
    <section className="form-section">
      <h3>{title}</h3>
      <div className="grid-scroll">
        <table className="grid dense">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.key}>{t(column.label)}</th>
              ))}
              {!readOnly && <th aria-label={t('act')} />}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
              <tr key={index}>
                {columns.map((column) => {
                  const value = row[column.key]
                  const text = column.read ? column.read(value) : String(value ?? '')
                  const label = `${t(column.label)} ${index + 1}`
                  return (
                    <td key={column.key}>
                      {readOnly ? (
                        column.codes ? (
                          pick(column.codes[text] ?? { zh: text, en: text })
                        ) : (
                          <span className="mono">{text || '—'}</span>
                        )
                      ) : (
                        <span className="box">
                          {column.codes ? (
                            <select aria-label={label} value={text} onChange={(event) => change(index, column, event.target.value)}>
                              {Object.entries(column.codes).map(([code, words]) => (
                                <option key={code} value={code}>
                                  {pick(words)}
                                </option>
                              ))}
                            </select>
                          ) : (
                            <input
                              aria-label={label}
                              key={column.read ? `${rows.length}` : undefined}
                              {...(column.read
                                ? { defaultValue: text, onBlur: (event) => change(index, column, event.target.value) }
                                : { value: text, onChange: (event) => change(index, column, event.target.value) })}
                            />
                          )}
                        </span>
                      )}
                    </td>
                  )
                })}
                {!readOnly && (
                  <td>
                    <button
                      type="button"
                      className="btn plain icon small"
                      aria-label={t('removeLine', { n: index + 1 })}
                      onClick={() => onChange(rows.filter((_, at) => at !== index))}
                    >
                      <X size={14} strokeWidth={1.6} />
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!readOnly && (
        <Button size="small" icon={<Plus size={14} strokeWidth={1.6} />} onClick={() => onChange([...rows, fresh])}>
          {t('addLine')}
        </Button>
      )}
    </section>
  )
}
