import type { PhoneLine } from './types.ts'

/** On a phone a row is a card of two lines; the whole card is the target. What can be done with a row that has no page stands below it. */
export function Cards<T>({
  rows,
  rowKey,
  phone,
  open,
}: {
  rows: readonly T[]
  rowKey: (row: T) => string
  phone: (row: T) => PhoneLine
  open: ((row: T) => void) | undefined
}) {
  return (
    <ul className="lines">
      {rows.map((row) => {
        const line = phone(row)
        const content = (
          <>
            <span className="strong">{line.title}</span>
            <span className="right">{line.right}</span>
            <small>{line.below}</small>
            <small className="right">{line.belowRight}</small>
          </>
        )
        return (
          <li key={rowKey(row)}>
            {open ? (
              <button type="button" className="card-line" onClick={() => open(row)}>
                {content}
              </button>
            ) : (
              <div>{content}</div>
            )}
            {line.acts && <div className="card-acts">{line.acts}</div>}
          </li>
        )
      })}
    </ul>
  )
}
