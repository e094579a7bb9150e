import { useEffect, useRef } from 'react'
import type { Drawing } from './draw.ts'

/** A curve. What draws it is loaded when the first one is shown. */
export function Chart({ drawing, label }: { drawing: Drawing; label: string }) {
  const box = useRef<HTMLDivElement>(null)
  const latest = useRef(drawing)
  const chart = useRef<{ draw: (drawing: Drawing) => void; close: () => void } | null>(null)
  useEffect(() => {
    let isGone = false
    void import('./draw.ts').then(({ openChart }) => {
      if (isGone || !box.current) return
      chart.current = openChart(box.current)
      chart.current.draw(latest.current)
    })
    return () => {
      isGone = true
      chart.current?.close()
      chart.current = null
    }
  }, [])
  useEffect(() => {
    latest.current = drawing
    chart.current?.draw(drawing)
  }, [drawing])
  return <div ref={box} className="measure-chart" role="img" aria-label={label} />
}
