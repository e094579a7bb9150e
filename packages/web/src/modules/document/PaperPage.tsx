import './document.css'
import type { PlanningPaper } from '@changbai/contract/document.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call, download } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { count, listTime } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  Loaded,
  LongField,
  PageTitle,
  ProblemAlert,
  Sheet,
  Status,
  Timeline,
  useAct,
} from '../../shared/ui/index.ts'
import { documentText } from './documentText.ts'
import { paperState } from './PapersPage.tsx'

/** One paper, read as a document. */
export function PaperPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(ask('document.paper', { paperId: id }))
  return (
    <div className="page">
      <Loaded query={query} rows={8}>
        {(paper) => <Body paper={paper} />}
      </Loaded>
    </div>
  )
}

const GIB = 'GiB'
function Body({ paper }: { paper: PlanningPaper }) {
  const t = useText(documentText)
  const lang = useLanguage()
  const act = useAct()
  const [doing, setDoing] = useState<PlanningPaper['may'][number] | null>(null)
  const [advice, setAdvice] = useState(paper.advice)
  const can = (verb: PlanningPaper['may'][number]) => paper.may.includes(verb)
  const input = { paperId: paper.id }
  const close = () => setDoing(null)
  const title = t('paperTitle', { tenant: paper.tenantName, year: paper.year })
  const figures: [string, number, string][] = [
    [t('servers'), paper.figures.servers, t('unitMachine')],
    [t('serversAdded'), paper.figures.serversAdded, t('unitMachine')],
    [t('vcpu'), paper.figures.vcpu, 'vCPU'],
    [t('memGib'), paper.figures.memGib, GIB],
    [t('volumeGib'), paper.figures.volumeGib, GIB],
    [t('volumeAddedGib'), paper.figures.volumeAddedGib, GIB],
    [t('incidents'), paper.figures.incidents, t('unitCase')],
  ]
  return (
    <>
      <PageTitle
        title={title}
        mark={<Status state={paperState[paper.status]}>{t(paper.status)}</Status>}
        sentence={`${paper.number} · ${t('asOf', { at: listTime(paper.asOf, lang) })}`}
        acts={
          <>
            {can('WRITE') && <Button onClick={() => setDoing('WRITE')}>{t('write')}</Button>}
            {can('SEND') && paper.advice !== '' && (
              <Button kind="primary" onClick={() => setDoing('SEND')}>
                {t('send')}
              </Button>
            )}
            {can('ACK') && (
              <Button kind="primary" onClick={() => setDoing('ACK')}>
                {t('ack')}
              </Button>
            )}
            <Button onClick={() => void act.run(() => download('document.printPaper', input))}>{t('word')}</Button>
            <Button onClick={() => window.print()}>{t('print')}</Button>
          </>
        }
      />
      <ProblemAlert error={act.error} />
      <div className="split">
        <Sheet>
          <article className="document-paper">
            <h2>{t('now')}</h2>
            <table>
              <tbody>
                {figures.map(([label, value, unit], at) => (
                  // two of the lines carry the same words
                  // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list
                  <tr key={at}>
                    <th scope="row">{label}</th>
                    <td>
                      {count(value)} {unit}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <h2>{t('advice')}</h2>
            {paper.advice ? <p className="document-text">{paper.advice}</p> : <p className="second">{t('noAdvice')}</p>}
            {paper.ackComment && (
              <>
                <h2>{t('ackComment')}</h2>
                <p className="document-text">{paper.ackComment}</p>
              </>
            )}
          </article>
        </Sheet>
        <Sheet title={t('courses')}>
          <Timeline
            entries={[
              { key: 'made', at: paper.asOf, state: 'kept', title: t('made') },
              { key: 'sent', at: paper.sentAt, state: paper.sentAt ? 'kept' : 'todo', title: t('send'), when: '—' },
              {
                key: 'ack',
                at: paper.ackAt,
                state: paper.ackAt ? 'kept' : 'todo',
                title: paper.ackByName ? `${t('ack')} ${paper.ackByName}` : t('ack'),
                when: '—',
              },
            ]}
          />
        </Sheet>
      </div>
      {doing === 'WRITE' && (
        <DecisionDialog
          wide
          title={t('write')}
          verb={t('save')}
          ready={advice.trim().length > 1}
          act={() => act.runOrThrow(() => call('document.advise', { ...input, advice: advice.trim() }))}
          onClose={close}
        >
          <LongField label={t('advice')} value={advice} onChange={setAdvice} rows={14} maxLength={8000} />
        </DecisionDialog>
      )}
      {doing === 'SEND' && (
        <DecisionDialog
          title={t('sendTitle', { tenant: paper.tenantName })}
          verb={t('send')}
          act={() => act.runOrThrow(() => call('document.sendPaper', input))}
          onClose={close}
        >
          <p>{t('sendHelp')}</p>
        </DecisionDialog>
      )}
      {doing === 'ACK' && (
        <DecisionDialog
          title={t('ackTitle', { year: paper.year })}
          verb={t('ack')}
          reason={{ label: t('ackComment'), optional: true }}
          act={(comment) => act.runOrThrow(() => call('document.ackPaper', { ...input, comment }))}
          onClose={close}
        />
      )}
    </>
  )
}
