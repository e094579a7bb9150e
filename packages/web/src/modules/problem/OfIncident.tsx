import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { percent } from '../../shared/time.ts'
import { Button, ProblemAlert, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { OpenDialog } from './ProblemsPage.tsx'
import { problemText } from './problemText.ts'
import { problemState } from './states.ts'

/** On an incident's page: the problem it belongs to, and known errors that look like it, with the way round. */
export function ProblemOfIncident({ incident }: { incident: { id: string; title: string; symptom: string } }) {
  const say = useText(problemText)
  const may = useMay()
  const { busy, error, run } = useAct()
  const [opening, setOpening] = useState(false)
  const query = useQuery({ ...ask('problem.ofIncident', { incidentId: incident.id }), enabled: may('problem.read:R'), retry: false })
  const data = query.data
  if (!data || (!data.problem && data.hints.length === 0 && !may('problem.manage:C'))) return null
  return (
    <Sheet
      title={say('linkedTo')}
      acts={
        !data.problem &&
        may('problem.manage:C') && (
          <Button size="small" onClick={() => setOpening(true)}>
            {say('toProblem')}
          </Button>
        )
      }
    >
      <div className="stack tight">
        {data.problem && (
          <p>
            <Link to={`/duty/problems/${data.problem.id}` as string}>{data.problem.number}</Link> {data.problem.title}{' '}
            <Status state={problemState[data.problem.state]}>{say(data.problem.state)}</Status>
          </p>
        )}
        {data.hints.length > 0 && <h3>{say('hints')}</h3>}
        {data.hints.map((hint) => (
          <div key={hint.id}>
            <p>
              <Link to={`/duty/problems/${hint.id}` as string}>{hint.number}</Link> {hint.title}{' '}
              <span className="second">
                {say('likeness', { percent: percent(hint.likeness, 0) })} · {say('seen', { count: hint.incidents })}
                {hint.sameApplication && ` · ${say('sameApplication')}`}
              </span>
            </p>
            <p style={{ whiteSpace: 'pre-wrap' }}>
              {say('workaround')}：{hint.workaround}
            </p>
            {!data.problem && may('problem.manage:U') && (
              <Button
                size="small"
                busy={busy}
                onClick={() => void run(() => call('problem.link', { problemId: hint.id, incidentId: incident.id }))}
              >
                {say('take')}
              </Button>
            )}
          </div>
        ))}
        <ProblemAlert error={error} />
      </div>
      {opening && <OpenDialog incident={incident} onClose={() => setOpening(false)} />}
    </Sheet>
  )
}
