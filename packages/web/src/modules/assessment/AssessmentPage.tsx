import type { Assessment } from '@changbai/contract/assessment.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call, download } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  Check,
  DecisionDialog,
  Evidence,
  Loaded,
  PageTitle,
  ProblemAlert,
  SelectField,
  Sheet,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { assessmentText } from './assessmentText.ts'
import { PlanDialog } from './PlanDialog.tsx'

/** One quarter: its figures beside the one before, the issues, the conclusion. */
export function AssessmentPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('assessment.get', { assessmentId: id }))
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {(one) => <Body one={one} />}
      </Loaded>
    </div>
  )
}

function Body({ one }: { one: Assessment }) {
  const t = useText(assessmentText)
  const lang = useLanguage()
  const act = useAct()
  const [doing, setDoing] = useState<'CONCLUDE' | 'ISSUE' | null>(null)
  const [planning, setPlanning] = useState<string | null>(null)
  const can = (verb: Assessment['may'][number]) => one.may.includes(verb)
  const input = { assessmentId: one.id }
  return (
    <>
      <PageTitle
        title={`${t('assessments')} ${one.quarter}`}
        mark={<Status state={one.status === 'PUBLISHED' ? 'kept' : 'running'}>{t(one.status)}</Status>}
        sentence={`${one.number} · ${one.preparedByName} · ${one.publishedAt ? listTime(one.publishedAt, lang) : t('due', { at: listTime(one.dueAt, lang) })}`}
        acts={
          <>
            {can('PUBLISH') && <Button onClick={() => setDoing('CONCLUDE')}>{t('write')}</Button>}
            {can('PUBLISH') && (
              <Button kind="primary" busy={act.busy} onClick={() => void act.run(() => call('assessment.publish', input))}>
                {t('publish')}
              </Button>
            )}
            <Button onClick={() => void act.run(() => download('assessment.print', input))}>{t('print')}</Button>
          </>
        }
      />
      <ProblemAlert error={act.error} />
      <div className="stack">
        {(['OPERATION', 'QUALITY'] as const).map((group) => (
          <Sheet key={group} title={t(group)}>
            <div className="table-scroll">
              <table className="grid fit">
                <thead>
                  <tr>
                    <th>{t('figure')}</th>
                    <th className="num">{t('value')}</th>
                    <th className="num">{t('previous')}</th>
                    <th>{t('trend')}</th>
                  </tr>
                </thead>
                <tbody>
                  {one.figures
                    .filter((figure) => figure.group === group)
                    .map((figure) => (
                      <tr key={figure.key}>
                        <td>
                          {pick(figure.label, lang)} <span className="note">{figure.unit}</span>
                        </td>
                        <td className="num">{figure.value ?? '—'}</td>
                        <td className="num">{figure.previous ?? '—'}</td>
                        <td>
                          {figure.trend ? <Status state={figure.trend === 'BETTER' ? 'kept' : 'risk'}>{t(figure.trend)}</Status> : '—'}
                        </td>
                      </tr>
                    ))}
                </tbody>
              </table>
            </div>
          </Sheet>
        ))}
        <Sheet
          flush
          title={t('issues')}
          acts={
            can('WRITE') && (
              <Button size="small" onClick={() => setDoing('ISSUE')}>
                {t('addIssue')}
              </Button>
            )
          }
        >
          <ul className="list">
            {one.issueLines.map((issue) => (
              <li key={issue.id} className="row wrap apart">
                <span className="grow">
                  <b>{issue.text}</b> <span className="note">{issue.basis}</span>
                </span>
                <Status state={issue.severity === 'HIGH' ? 'breach' : issue.severity === 'MEDIUM' ? 'risk' : 'none'}>
                  {t(issue.severity)}
                </Status>
                {issue.planId && <Link to={`/proof/optimisations/${issue.planId}` as never}>{t('seePlan')}</Link>}
                {issue.needImprove && !issue.planId && can('PLAN') && (
                  <Button size="small" onClick={() => setPlanning(issue.id)}>
                    {t('makePlan')}
                  </Button>
                )}
                {can('PUBLISH') && (
                  <Button size="small" onClick={() => void act.run(() => call('assessment.dropIssue', { ...input, issueId: issue.id }))}>
                    {t('drop')}
                  </Button>
                )}
              </li>
            ))}
            {one.issueLines.length === 0 && <li className="second">{t('none')}</li>}
          </ul>
        </Sheet>
        <Sheet title={t('conclusion')} note={one.digest && <Evidence digest={one.digest.value} algorithm={one.digest.algorithm} />}>
          <p>{one.conclusion || t('none')}</p>
        </Sheet>
      </div>
      {doing === 'CONCLUDE' && (
        <DecisionDialog
          title={t('conclusion')}
          verb={t('write')}
          reason={{ label: t('conclusion'), initial: one.conclusion }}
          act={(conclusion) => act.runOrThrow(() => call('assessment.conclude', { ...input, conclusion }))}
          onClose={() => setDoing(null)}
        />
      )}
      {doing === 'ISSUE' && <AddIssue id={one.id} onClose={() => setDoing(null)} />}
      {planning && <PlanDialog issueId={planning} plan={null} onClose={() => setPlanning(null)} />}
    </>
  )
}

function AddIssue({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText(assessmentText)
  const act = useAct()
  const [severity, setSeverity] = useState<'HIGH' | 'MEDIUM' | 'LOW'>('MEDIUM')
  const [basis, setBasis] = useState('')
  const [needImprove, setNeedImprove] = useState(true)
  return (
    <DecisionDialog
      title={t('addIssue')}
      verb={t('addIssue')}
      ready={basis.trim() !== ''}
      reason={{ label: t('text') }}
      act={(text) => act.runOrThrow(() => call('assessment.addIssue', { assessmentId: id, text, severity, basis, needImprove }))}
      onClose={onClose}
    >
      <SelectField
        label={t('severity')}
        value={severity}
        onChange={(value) => setSeverity(value as typeof severity)}
        options={(['HIGH', 'MEDIUM', 'LOW'] as const).map((one) => [one, t(one)] as const)}
      />
      <TextField label={t('basis')} value={basis} onChange={setBasis} maxLength={1000} full />
      <Check checked={needImprove} onChange={setNeedImprove}>
        {t('needImprove')}
      </Check>
    </DecisionDialog>
  )
}
