import { Fragment } from 'react'

export interface ScaleMark {
  /** Place, 0..1 from the left. */
  at: number
  label: string
}
/** A measured length: ticks, what is used, the now mark; `label` is the one sentence for those who cannot see it. */
export const Scale = ({
  used,
  ticks,
  now,
  tone = 'lake',
  label,
}: {
  used: number
  ticks: readonly ScaleMark[]
  now?: number
  tone?: 'lake' | 'risk-fill' | 'breach' | 'ink2'
  label: string
}) => (
  <div className="scale" role="img" aria-label={label}>
    {ticks.map((tick) => (
      <Fragment key={tick.label}>
        <i className="scale-tick" style={{ left: `${tick.at * 100}%` }}>
          <span>{tick.label}</span>
        </i>
      </Fragment>
    ))}
    <div className="scale-bar">
      <i style={{ width: `${Math.max(0, Math.min(1, used)) * 100}%`, background: `var(--${tone})` }} />
    </div>
    {now !== undefined && <i className="scale-now" style={{ left: `${now * 100}%` }} />}
  </div>
)
