import type { AvailabilityRow } from '@changbai/contract/availability.shapes.ts'
import { useId, useMemo } from 'react'
import { useText } from '../../shared/text.ts'
import { availabilityText } from './availabilityText.ts'

const DAY = 86_400_000
type Kind = AvailabilityRow['strip'][number]['kind']
/** What counts stands before what does not. */
const ORDER: readonly Kind[] = ['COUNTED', 'UNDECIDED', 'UNKNOWN', 'PLANNED', 'EXCUSED']

/** 365 days as cells; a day with something on it is taller. The worst of a day colours it. */
export function YearStrip({ row, yearFrom, now, tall }: { row: AvailabilityRow; yearFrom: number; now: number; tall?: boolean }) {
  const t = useText(availabilityText)
  const days = useMemo(() => daysOf(row.strip, yearFrom), [row.strip, yearFrom])
  const measured = row.measuredFrom === null ? Number.POSITIVE_INFINITY : Date.parse(row.measuredFrom)
  const today = Math.floor((now - yearFrom) / DAY)
  const first = Math.max(0, Math.floor((measured - yearFrom) / DAY))
  const down = [...days.values()].filter((kind) => kind === 'COUNTED' || kind === 'UNDECIDED').length
  const unknown = [...days.values()].filter((kind) => kind === 'UNKNOWN').length
  const pattern = useId()
  const base = tall ? 20 : 8
  const height = tall ? 52 : 24
  return (
    <svg
      className="year-strip"
      viewBox={`0 0 1095 ${height}`}
      height={height}
      preserveAspectRatio="none"
      role="img"
      aria-label={t('stripLabel', { year: row.statement.year, down, unknown })}
    >
      <Unmeasured id={pattern} />
      <path d={cells(first, Math.min(today + 1, 365), days, base, height)} fill="var(--kept-line)" />
      <path d={cells(Math.max(0, today + 1), 365, days, base, height)} fill="var(--line)" />
      {[...days].map(([day, kind]) => (
        <rect
          key={day}
          className={`day-${kind}`}
          style={fillOf(kind, pattern)}
          x={day * 3 - 0.5}
          y={kind === 'PLANNED' || kind === 'EXCUSED' ? base / 2 : 0}
          width="3.2"
          height={height}
        />
      ))}
      {today >= 0 && today < 365 && <rect x={today * 3 + 1} y="0" width="1.4" height={height} fill="var(--ink)" />}
    </svg>
  )
}

/** The hatch of what nobody measured; each drawing has its own, for a hidden one draws nothing. */
const Unmeasured = ({ id }: { id: string }) => (
  <pattern id={id} width="3" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect width="3" height="6" fill="var(--unknown-bg)" />
    <rect width="1.4" height="6" fill="var(--unknown-fill)" />
  </pattern>
)
const fillOf = (kind: string, pattern: string) => (kind === 'UNKNOWN' ? { fill: `url(#${pattern})` } : undefined)

function daysOf(strip: AvailabilityRow['strip'], yearFrom: number): Map<number, Kind> {
  const days = new Map<number, Kind>()
  for (const { from, to, kind } of strip) {
    for (let day = Math.floor((from - yearFrom) / DAY); day <= Math.floor((to - 1 - yearFrom) / DAY); day++) {
      const before = days.get(day)
      if (before === undefined || ORDER.indexOf(kind) < ORDER.indexOf(before)) days.set(day, kind)
    }
  }
  return days
}

const cells = (from: number, to: number, except: ReadonlyMap<number, Kind>, top: number, bottom: number): string => {
  let path = ''
  for (let day = from; day < to; day++) if (!except.has(day)) path += `M${day * 3} ${top}h2.2V${bottom}h-2.2Z`
  return path
}

export function StripLegend() {
  const t = useText(availabilityText)
  const pattern = useId()
  return (
    <span className="row wrap strip-legend">
      {(
        [
          ['OK', 'OK'],
          ['COUNTED', 'COUNTED'],
          ['UNDECIDED', 'UNDECIDED'],
          ['PLANNED', 'PLANNED_DAY'],
          ['EXCUSED', 'EXCUSED'],
          ['UNKNOWN', 'UNKNOWN_DAY'],
        ] as const
      ).map(([kind, word]) => (
        <span key={kind} className="row">
          <svg width="9" height="14" aria-hidden="true">
            {kind === 'UNKNOWN' && <Unmeasured id={pattern} />}
            <rect className={`day-${kind}`} style={fillOf(kind, pattern)} width="9" height="14" />
          </svg>
          <span className="second">{t(word)}</span>
        </span>
      ))}
    </span>
  )
}
