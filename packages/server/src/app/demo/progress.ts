/** How far the history of the demonstration is. Only the process that makes it knows, and only while it does: a page of another shows no bar. */
export interface FillProgress {
  /** 0..1 */
  share: number
  on: Temporal.PlainDate
}

let progress: FillProgress | null = null
export const fillProgress = (): FillProgress | null => progress
export const noteProgress = (now: FillProgress | null): void => {
  progress = now
}
