import { RefreshCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { ProblemError } from '../problem.ts'
import { useText } from '../text.ts'
import { Button } from './Button.tsx'
import { StatusGlyph } from './StatusGlyph.tsx'
import { uiText } from './uiText.ts'

/** What dialogs ask for, by its name on the wire; fields of forms are named beside themselves. */
const FIELDS = { reason: 'fieldReason', comment: 'fieldComment', name: 'fieldName' } as const
const isNamed = (path: string): path is keyof typeof FIELDS => path in FIELDS

/** What failed, that nothing was lost, the number for the desk, and the way on. Shows nothing when there is no error. */
export function ProblemAlert({
  error,
  retry,
  flat,
  title,
  help,
}: {
  error: unknown
  retry?: () => void
  flat?: boolean
  title?: string
  help?: ReactNode
}) {
  const t = useText(uiText)
  if (!error) return null
  const problem = error instanceof ProblemError ? error : null
  const offline = problem?.status === 0
  const said = offline ? t('network') : (problem?.message ?? (error instanceof Error ? error.message : String(error)))
  return (
    <div className={flat ? 'problem flat' : 'problem'} role="alert">
      <StatusGlyph state="breach" />
      <div className="grow">
        <div className="strong">{title ?? said}</div>
        {title && <p>{said}</p>}
        {problem?.body.detail && problem.body.detail !== said && <p>{problem.body.detail}</p>}
        {help && <p>{help}</p>}
        {offline && <p>{t('networkHelp')}</p>}
        {(problem?.errors ?? []).slice(0, 8).map((one) => (
          <p key={`${one.path}${one.code}`}>
            {one.path && (isNamed(one.path) ? `${t(FIELDS[one.path])} ` : <span className="mono">{one.path} </span>)}
            {one.message}
          </p>
        ))}
        {problem?.reference && problem.status >= 500 && <p>{t('reference', { value: problem.reference })}</p>}
      </div>
      {retry && (
        <Button size="small" icon={<RefreshCw size={14} strokeWidth={1.6} />} onClick={retry}>
          {t('retry')}
        </Button>
      )}
    </div>
  )
}
