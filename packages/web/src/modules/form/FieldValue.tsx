import { pick, useText } from '../../shared/text.ts'
import { type FieldView, isBlank, wordsOf } from './fields.ts'
import { formText } from './words.ts'

const isRow = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A plain value in words, with its unit. */
export function PlainValue({ field, value }: { field: FieldView; value: unknown }) {
  const say = useText(formText)
  if (isBlank(value)) return <>—</>
  if (typeof value === 'boolean') return <>{value ? say('yes') : say('no')}</>
  if (Array.isArray(value)) {
    return <>{value.map((one) => (isRow(one) ? Object.values(one).join(' ') : pick(wordsOf(field.label, String(one))))).join('、')}</>
  }
  const text = field.control === 'choice' ? pick(wordsOf(field.label, String(value))) : String(value)
  return (
    <>
      {text}
      {field.label.unit && ` ${field.label.unit}`}
    </>
  )
}

/** More columns than this do not fit a sheet of A4: printed, each row then stands as a block of its own, as it does on a phone. */
const PAPER_COLUMNS = 9

/** Rows of a list, or the fields of a group, as a table of the columns that hold something. */
export function RowsTable({
  field,
  value,
  named = (_, one) => one,
}: {
  field: FieldView
  value: unknown
  named?: (name: string, value: unknown) => unknown
}) {
  const rows = Array.isArray(value) ? value.filter(isRow) : isRow(value) ? [value] : []
  if (rows.length === 0) return <>—</>
  const columns = field.fields.filter((inner) => rows.some((row) => !isBlank(row[inner.name])))
  return (
    <div className="table-scroll">
      <table className={columns.length > PAPER_COLUMNS ? 'grid cards-on-phone wide' : 'grid cards-on-phone'}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} className={column.control === 'number' ? 'num' : undefined}>
                {pick(column.label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
            <tr key={index}>
              {columns.map((column) => (
                <td key={column.name} className={column.control === 'number' ? 'num' : undefined} data-label={pick(column.label)}>
                  <PlainValue field={column} value={named(column.name, row[column.name])} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Whatever the field holds. */
export const FieldValue = ({ field, value }: { field: FieldView; value: unknown }) =>
  field.control === 'list' || field.control === 'group' ? (
    <RowsTable field={field} value={value} />
  ) : (
    <PlainValue field={field} value={value} />
  )
