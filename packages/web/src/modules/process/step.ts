import type { ReactNode } from 'react'

/** Fields of a step that are more than words: the lines of a work order. They give their part of the data. */
export type Extra = (props: {
  outcome: string | null
  /** What the step's own fields say so far. */
  data: Readonly<Record<string, unknown>>
  onChange(data: Record<string, unknown>): void
}) => ReactNode
/** What was just done, to be said where the step stood. */
export interface Done {
  step: string
  outcome: string
}
