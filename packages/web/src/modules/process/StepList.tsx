import type { InstanceView } from '@changbai/contract/process.ts'
import { usePhone } from '../../shared/clock.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { type State, StatusGlyph } from '../../shared/ui/index.ts'
import { outcomeWord, roleWords } from './names.ts'
import { processText } from './processText.ts'
import './steps.css'

type Step = InstanceView['steps'][number]

const STATES: Record<Step['state'], State> = { PASSED: 'kept', ACTIVE: 'running', FAILED: 'breach', NOT_REACHED: 'todo' }
/** Segments that fit side by side on a phone. */
const BAR_STEPS = 5

/** Steps of people and machines in the order they were taken; those that wait or failed last. */
function coursed(steps: readonly Step[]): { taken: Step[]; ahead: Step[] } {
  const drawn = steps.filter((step) => /Task|CallActivity/.test(step.type))
  const orderOf = (step: Step): string => `${step.state === 'PASSED' ? 0 : 1}${step.leftAt ?? step.enteredAt ?? ''}`
  return {
    taken: drawn.filter((step) => step.state !== 'NOT_REACHED').sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)),
    ahead: drawn.filter((step) => step.state === 'NOT_REACHED'),
  }
}

/** Where the matter is, in one glance: the last steps passed and the one that is waited for. */
export function StepBar({ view }: { view: InstanceView }) {
  const say = useText(processText)
  const lang = useLanguage()
  const bar = coursed(view.steps)
    .taken.filter((step) => step.type === 'UserTask')
    .slice(-BAR_STEPS)
  const waiting = view.badges.flatMap((badge) =>
    badge.waitingFor.length > 0 ? badge.waitingFor.map((one) => one.name) : badge.roles.length > 0 ? [roleWords(badge.roles, lang)] : [],
  )
  if (bar.length === 0) return null
  return (
    <div className="step-bar">
      <ol aria-label={say('steps')}>
        {bar.map((step) => (
          <li key={step.node} aria-current={step.state === 'ACTIVE' ? 'step' : undefined}>
            {stepWord(step.name, lang)}
          </li>
        ))}
      </ol>
      {waiting.length > 0 && (
        <p className="second">{say('waitingFor', { who: [...new Set(waiting)].join(lang === 'en-US' ? ', ' : '、') })}</p>
      )}
    </div>
  )
}

/** The diagram in words, for those who cannot see it and for small screens: what was taken, what waits, and, folded, what was not reached. */
export function StepList({ steps }: { steps: readonly Step[] }) {
  const say = useText(processText)
  const { taken, ahead } = coursed(steps)
  return (
    <>
      {taken.length === 0 ? <p className="sheet-line second">{say('noSteps')}</p> : <StepTable steps={taken} />}
      {ahead.length > 0 && (
        <details className="fold">
          <summary>{say('aheadCount', { count: ahead.length })}</summary>
          <StepTable steps={ahead} />
        </details>
      )}
    </>
  )
}

function StepTable({ steps }: { steps: readonly Step[] }) {
  const say = useText(processText)
  const lang = useLanguage()
  const phone = usePhone()
  const whoOf = (step: Step): string => {
    if (step.state === 'ACTIVE') {
      const names = step.waitingFor.map((one) => one.name).join(lang === 'en-US' ? ', ' : '、')
      return say('waitingFor', { who: names || (step.roles.length > 0 ? roleWords(step.roles, lang) : say('machine')) })
    }
    return step.doneBy?.name || (step.roles.length > 0 ? roleWords(step.roles, lang) : say('machine'))
  }
  const whenOf = (step: Step): string =>
    step.leftAt ? listTime(step.leftAt, lang) : step.dueAt ? say('dueBy', { at: listTime(step.dueAt, lang) }) : '—'
  const nameOf = (step: Step) => (
    <>
      <StatusGlyph state={STATES[step.state]} label={say(step.state)} /> {stepWord(step.name, lang)}
      {step.times > 1 && <span className="note"> {say('times', { n: step.times })}</span>}
    </>
  )
  const outcomeOf = (step: Step): string => (step.outcome ? outcomeWord(step.outcome, lang) : '—')
  if (phone)
    return (
      <ul className="lines">
        {steps.map((step) => (
          <li key={step.node}>
            <div>
              <span className={step.state === 'ACTIVE' ? 'strong' : ''}>{nameOf(step)}</span>
              <small className="right">{step.outcome ? outcomeOf(step) : ''}</small>
              <small>{whoOf(step)}</small>
              <small className="right">{whenOf(step)}</small>
            </div>
          </li>
        ))}
      </ul>
    )
  return (
    <table className="grid">
      <thead>
        <tr>
          <th>{say('step')}</th>
          <th>{say('who')}</th>
          <th>{say('when')}</th>
          <th>{say('outcome')}</th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step) => (
          <tr key={step.node}>
            <td className={step.state === 'ACTIVE' ? 'name' : ''}>{nameOf(step)}</td>
            <td>{whoOf(step)}</td>
            <td>{whenOf(step)}</td>
            <td>{outcomeOf(step)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
