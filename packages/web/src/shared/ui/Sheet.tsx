import type { ReactNode } from 'react'

/** One subject on white. Sheets never nest. */
export function Sheet({
  title,
  note,
  acts,
  flush,
  screenOnly,
  children,
  id,
}: {
  title?: ReactNode
  note?: ReactNode
  acts?: ReactNode
  flush?: boolean
  /** Not part of a printed page: what is asked of the reader now. */
  screenOnly?: boolean
  children: ReactNode
  id?: string
}) {
  return (
    <section className={screenOnly ? 'sheet no-print' : 'sheet'} id={id}>
      {title !== undefined && (
        <header className="sheet-head">
          <h2>{title}</h2>
          <span className="grow">{note}</span>
          {acts}
        </header>
      )}
      <div className={flush ? 'sheet-body flush' : 'sheet-body'}>{children}</div>
    </section>
  )
}

/** The page begins with the sentence that answers its question; objects and lists carry their name and the sentence in the second line. */
export function PageTitle({ title, mark, sentence, acts }: { title: ReactNode; mark?: ReactNode; sentence?: ReactNode; acts?: ReactNode }) {
  return (
    <header className="page-head">
      <div className="grow">
        <h1 className="page-title">
          {title}
          {mark && <span className="page-mark">{mark}</span>}
        </h1>
        {sentence && <p className="page-sub">{sentence}</p>}
      </div>
      {acts && <div className="page-acts">{acts}</div>}
    </header>
  )
}

/** Name and value pairs of one thing. An absent value is a dash, an unknown one says so itself. */
export const Facts = ({ items }: { items: readonly (readonly [label: string, value: ReactNode] | null | false)[] }) => (
  <dl className="facts">
    {items
      .filter((item) => item !== null && item !== false)
      .map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value === null || value === undefined || value === '' ? '—' : value}</dd>
        </div>
      ))}
  </dl>
)
