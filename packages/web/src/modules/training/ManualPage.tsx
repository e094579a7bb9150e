import './manual.css'
import { isRole, ROLES, type Role, roleCodes } from '@changbai/contract/capability.roles.ts'
import { manualOf } from '@changbai/contract/manual.text.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { download } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { sessionQuery } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { Button, EmptyState, PageTitle, ProblemAlert, SelectField, Sheet, useAct } from '../../shared/ui/index.ts'
import { trainingText } from './trainingText.ts'

/** What a role does, step by step, with pictures of the product itself. */
export function ManualPage() {
  const t = useText(trainingText)
  const lang = useLanguage()
  const act = useAct()
  const session = useQuery(sessionQuery)
  const own = session.data?.grants.map(({ role }) => role).find((role) => manualOf(role).length > 0)
  const [chosen, setChosen] = useState<Role | null>(null)
  const role: Role = chosen ?? own ?? 'OPERATION_MANAGER'
  const tasks = manualOf(role)
  return (
    <div className="page">
      <PageTitle
        title={t('manual')}
        sentence={t('manualSentence')}
        acts={
          <>
            <Button busy={act.busy} onClick={() => void act.run(() => download('manual.print', { role }))}>
              Word
            </Button>
            <Button onClick={() => window.print()}>{t('printManual')}</Button>
          </>
        }
      />
      <ProblemAlert error={act.error} />
      <div className="manual-role no-print">
        <SelectField
          label={t('manualRole')}
          value={role}
          onChange={(value) => setChosen(isRole(value) ? value : null)}
          options={roleCodes.map((code) => [code, roleName(code, lang)] as const)}
        />
      </div>
      <h2 className="print-only">{pick(ROLES[role], lang)}</h2>
      <div className="stack">
        {tasks.length === 0 && (
          <Sheet>
            <EmptyState title={t('manualNone')} />
          </Sheet>
        )}
        {tasks.map((task, index) => (
          <Sheet key={task.id} title={`${index + 1}. ${pick(task.title, lang)}`}>
            <div className="manual-task">
              <div>
                <p>{pick(task.why, lang)}</p>
                <ol className="manual-steps">
                  {task.steps.map((step) => (
                    <li key={step.zh}>{pick(step, lang)}</li>
                  ))}
                </ol>
                <p className="no-print">
                  <Link to={task.path as never}>{t('goThere')}</Link>
                </p>
              </div>
              <Picture id={task.id} alt={pick(task.title, lang)} lang={lang} />
            </div>
          </Sheet>
        ))}
      </div>
    </div>
  )
}

/** Pictures are made by `npm run manual`; an installation without them shows the words alone. */
function Picture({ id, alt, lang }: { id: string; alt: string; lang: string }) {
  const address = `/manual/${id}.${lang}.png`
  const [missing, setMissing] = useState('')
  if (missing === address) return null
  return <img className="manual-picture" src={address} alt={alt} loading="lazy" onError={() => setMissing(address)} />
}
