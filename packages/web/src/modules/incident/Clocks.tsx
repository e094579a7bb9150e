import './incident.css'
import type { IncidentClock, Severity } from '@changbai/contract/incident.shapes.ts'
import { useNow } from '../../shared/clock.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, span } from '../../shared/time.ts'
import { Progress, type State, StatusGlyph } from '../../shared/ui/index.ts'
import { incidentText } from './incidentText.ts'

export const SeverityMark = ({ level }: { level: Severity }) => {
  const say = useText(incidentText)
  return (
    <span className={`severity ${level}`} title={say('severityOf', { level })}>
      {level}
    </span>
  )
}

interface Reading {
  glyph: State
  tone: 'risk' | 'breach' | 'kept' | undefined
  ratio: number
  late: boolean
  milliseconds: number
}
/** How a clock stands at this second; a finished one stands as the server judged it. */
function readClock(clock: IncidentClock, now: number): Reading {
  const [start, due] = [Date.parse(clock.startAt), Date.parse(clock.dueAt)]
  const at = clock.doneAt ? Date.parse(clock.doneAt) : now
  const late = clock.doneAt ? clock.state === 'breached' : now > due
  const ratio = Math.max(0, (at - start) / (due - start))
  const tone = late ? 'breach' : clock.doneAt ? 'kept' : ratio >= 0.8 ? 'risk' : undefined
  return { glyph: late ? 'breach' : clock.doneAt ? 'kept' : ratio >= 0.8 ? 'risk' : 'running', tone, ratio, late, milliseconds: due - at }
}

/** The clock that falls due next, for lists and the countdown on every page. */
export function NextClock({ clocks }: { clocks: readonly IncidentClock[] }) {
  const say = useText(incidentText)
  const now = useNow('second')
  const next = clocks.filter((clock) => !clock.doneAt).sort((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt))[0]
  const breached = clocks.filter((clock) => clock.doneAt && clock.state === 'breached')
  if (!next)
    return (
      <span className={`clock-mini ${breached.length > 0 ? 'breach' : 'kept'}`}>
        <StatusGlyph state={breached.length > 0 ? 'breach' : 'kept'} size={13} />
        {breached.length > 0 ? `${breached.map((clock) => say(clock.clock)).join('、')} ${say('breached')}` : say('met')}
      </span>
    )
  const read = readClock(next, now)
  return (
    <span className={`clock-mini ${read.tone ?? ''}`}>
      <StatusGlyph state={read.glyph} size={13} />
      {say(next.clock)} {say(read.late ? 'over' : 'left', { span: span(Math.abs(read.milliseconds)) })}
    </span>
  )
}

function OneClock({ clock }: { clock: IncidentClock }) {
  const say = useText(incidentText)
  const lang = useLanguage()
  const read = readClock(clock, useNow('second'))
  const others = clock.judgments.slice(0, -1)
  return (
    <div className="clock-one">
      <span className="row">
        <StatusGlyph state={read.glyph} />
        <strong>{say(clock.clock)}</strong>
      </span>
      <span className={`clock-left ${read.tone ?? ''}`}>
        {clock.doneAt
          ? say(clock.state === 'breached' ? 'breached' : 'met')
          : say(read.late ? 'over' : 'left', { span: span(Math.abs(read.milliseconds)) })}
      </span>
      <Progress ratio={read.ratio} {...(read.tone && { tone: read.tone })} />
      <span className="second">
        {say('dueAt', { at: listTime(clock.dueAt, lang) })}
        {clock.doneAt && ` · ${say('doneAt', { at: listTime(clock.doneAt, lang) })}`}
      </span>
      {others.map((one) => (
        <span key={one.level} className="second">
          {say('judgedAs', { level: one.level, due: listTime(one.dueAt, lang), state: say(one.state) })}
        </span>
      ))}
    </div>
  )
}

export const ThreeClocks = ({ clocks, narrow }: { clocks: readonly IncidentClock[]; narrow?: boolean }) => (
  <div className={`clock-three ${narrow ? 'narrow' : ''}`}>
    {clocks.map((clock) => (
      <OneClock key={clock.clock} clock={clock} />
    ))}
  </div>
)
