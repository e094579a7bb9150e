import type { ReactNode } from 'react'

/** The ridge and the water: only here, on the sign-in page and in the mark. */
export const Ridge = ({ width = 76 }: { width?: number }) => (
  <svg
    width={width}
    height={width * 0.55}
    viewBox="0 0 76 42"
    fill="none"
    aria-hidden="true"
    strokeWidth="1.6"
    strokeLinejoin="round"
    strokeLinecap="round"
  >
    <path d="M2 28 18 10l9 11L38 3l12 19 7-8 17 14" stroke="var(--line-strong)" />
    <path d="M5 34h66M18 40h40" stroke="var(--lake-line)" />
  </svg>
)

/** Why it is empty, where the rest is, and one button. */
export const EmptyState = ({ title, children, act }: { title: ReactNode; children?: ReactNode; act?: ReactNode }) => (
  <div className="empty">
    <Ridge />
    <strong>{title}</strong>
    {children && <p>{children}</p>}
    {act && <div className="row wrap">{act}</div>}
  </div>
)
