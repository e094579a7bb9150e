import type { ReactNode } from 'react'
import { useText } from '../text.ts'
import { uiText } from './uiText.ts'

/** The nine states of a promise or a step. The shape carries the meaning; colour only repeats it. */
export type State = 'kept' | 'risk' | 'breach' | 'unknown' | 'running' | 'planned' | 'todo' | 'none' | 'waived'

const shapes: Record<State, ReactNode> = {
  kept: (
    <>
      <circle cx="8" cy="8" r="7" fill="var(--kept)" />
      <path d="m4.8 8.2 2.2 2.2 4.2-4.4" fill="none" stroke="var(--paper)" strokeWidth="1.8" />
    </>
  ),
  risk: (
    <>
      <path d="M8 1.6 15.2 14H.8Z" fill="var(--risk-fill)" />
      <path d="M8 6v4M8 11.4v1.4" stroke="var(--ink)" strokeWidth="1.7" />
    </>
  ),
  breach: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z" fill="var(--breach)" />
      <path d="m5.3 5.3 5.4 5.4m0-5.4-5.4 5.4" stroke="var(--paper)" strokeWidth="1.8" />
    </>
  ),
  unknown: (
    <>
      <path d="M8 1 15 8l-7 7-7-7Z" fill="none" stroke="var(--unknown)" strokeWidth="1.4" strokeDasharray="2.4 1.6" />
      <path d="M6.4 6.6A1.7 1.7 0 1 1 8 8.6v.8M8 10.6v1.2" fill="none" stroke="var(--unknown)" strokeWidth="1.3" />
    </>
  ),
  running: (
    <>
      <circle cx="8" cy="8" r="5.8" fill="none" stroke="var(--lake-line)" strokeWidth="2.2" />
      <path d="M8 2.2A5.8 5.8 0 0 1 13.8 8" fill="none" stroke="var(--lake)" strokeWidth="2.2" />
    </>
  ),
  planned: (
    <>
      <rect x="1.8" y="1.8" width="12.4" height="12.4" rx="2" fill="none" stroke="var(--lake)" strokeWidth="1.6" />
      <path d="M8 4.6V8l2.4 1.6" fill="none" stroke="var(--lake)" strokeWidth="1.6" />
    </>
  ),
  todo: <circle cx="8" cy="8" r="5.8" fill="none" stroke="var(--ink-disabled)" strokeWidth="1.6" />,
  none: <path d="M3 8h10" stroke="var(--ink3)" strokeWidth="1.8" />,
  waived: (
    <>
      <rect x="1.6" y="3.6" width="12.8" height="8.8" rx="2" fill="none" stroke="var(--ink3)" strokeWidth="1.5" />
      <path d="M5 8h6" stroke="var(--ink3)" strokeWidth="1.5" />
    </>
  ),
}
const tones: Partial<Record<State, string>> = { kept: 'kept', risk: 'risk', breach: 'breach', unknown: 'unknown' }

/** The bare shape; only where the word stands beside it anyway. */
export const StatusGlyph = ({ state, size = 14, label }: { state: State; size?: number; label?: string }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 16 16"
    role={label ? 'img' : undefined}
    aria-label={label}
    aria-hidden={label ? undefined : true}
  >
    {shapes[state]}
  </svg>
)

/** Glyph and word together. Without children the word of the state itself. */
export function Status({ state, children, quiet }: { state: State; children?: ReactNode; quiet?: boolean }) {
  const t = useText(uiText)
  return (
    <span className={`status ${quiet ? '' : (tones[state] ?? '')}`}>
      <StatusGlyph state={state} />
      <span>{children ?? t(state)}</span>
    </span>
  )
}

/** I solid red, II solid orange, III amber outline, IV grey outline; never the colour of a clock. */
export const RedLine = ({ label }: { label: string }) => (
  <svg width="10" height="10" viewBox="0 0 10 10" role="img" aria-label={label}>
    <path d="M5 0 10 5 5 10 0 5Z" fill="var(--breach)" />
  </svg>
)
