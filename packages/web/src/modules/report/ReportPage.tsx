import type { Report, ReportGroup } from '@changbai/contract/report.shapes.ts'
import { REPORT_AUTHORS, REPORT_GROUPS, SECTION_TITLES } from '@changbai/contract/report.words.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call, download } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, Evidence, Loaded, PageTitle, ProblemAlert, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { ApproveReport, CorrectReport, PresentReport, ReceiveReport, SignReport, SubmitReport, WriteComment } from './acts.tsx'
import { Due, stateOf } from './ReportsPage.tsx'
import './report.css'
import { reportText } from './reportText.ts'
import { SectionSheet } from './Section.tsx'

type Doing = 'SIGN' | 'SUBMIT' | 'APPROVE' | 'RETURN' | 'PRESENT' | 'RECEIVE' | 'CORRECT'

/** One month's report: fourteen sections on the left, who signed and when it is due on the right. */
export function ReportPage() {
  const { month } = useParams({ strict: false }) as { month: string }
  const query = useQuery(ask('report.get', { month }))
  return (
    <div className="page">
      <Loaded query={query} rows={12}>
        {(report) => <Body report={report} />}
      </Loaded>
    </div>
  )
}

function Body({ report }: { report: Report }) {
  const t = useText(reportText)
  const lang = useLanguage()
  const act = useAct()
  const [doing, setDoing] = useState<Doing | null>(null)
  const [writing, setWriting] = useState<Report['sections'][number] | null>(null)
  const can = (one: Report['may'][number]) => report.may.includes(one)
  const close = () => setDoing(null)
  const print = (format: 'docx' | 'pdf') => void act.run(() => download('report.print', { month: report.month, format }))
  return (
    <>
      <PageTitle
        title={`${t('reports')} ${report.month}`}
        mark={<Status state={stateOf[report.status]}>{t(report.status)}</Status>}
        sentence={`${report.number} · ${report.status === 'DRAFT' ? t('asOfDraft') : t('asOfKept', { at: listTime(report.asOf, lang) })}`}
        acts={
          <>
            {can('SIGN') && <Button onClick={() => setDoing('SIGN')}>{t('sign')}</Button>}
            {can('SUBMIT') && (
              <Button kind="primary" onClick={() => setDoing('SUBMIT')}>
                {t('submit')}
              </Button>
            )}
            {can('APPROVE') && (
              <>
                <Button onClick={() => setDoing('RETURN')}>{t('return')}</Button>
                <Button kind="primary" onClick={() => setDoing('APPROVE')}>
                  {t('approve')}
                </Button>
              </>
            )}
            {can('PRESENT') && (
              <Button kind="primary" onClick={() => setDoing('PRESENT')}>
                {t('present')}
              </Button>
            )}
            {can('RECEIVE') && (
              <Button kind="primary" onClick={() => setDoing('RECEIVE')}>
                {t('receive')}
              </Button>
            )}
            {can('CORRECT') && <Button onClick={() => setDoing('CORRECT')}>{t('correct')}</Button>}
            <Button busy={act.busy} onClick={() => print('docx')}>
              {t('print')}
            </Button>
            {report.pdf && <Button onClick={() => print('pdf')}>{t('pdf')}</Button>}
            <Button onClick={() => void act.run(() => download('report.figures', { month: report.month, format: 'xlsx' }))}>
              {t('figures')}
            </Button>
          </>
        }
      />
      <ProblemAlert error={act.error} />
      {!report.pdf && <p className="note no-print">{t('noPdf')}</p>}
      <div className="split">
        <div className="stack">
          {report.sections.map((section, index) => (
            <SectionSheet key={section.code} section={section} index={index} onWrite={can('WRITE') ? () => setWriting(section) : null} />
          ))}
        </div>
        <div className="stack">
          <Course report={report} />
          <Sheet title={t('contents')} screenOnly>
            <nav className="report-toc">
              {report.sections.map(({ code }, index) => (
                <a key={code} href={`#${code}`}>
                  {index + 1} {pick(SECTION_TITLES[code], lang)}
                </a>
              ))}
            </nav>
          </Sheet>
          <Versions report={report} />
          {report.errataLines.length > 0 && <Errata report={report} />}
        </div>
      </div>
      {writing && <WriteComment report={report} section={writing} onClose={() => setWriting(null)} />}
      {doing === 'SIGN' && <SignReport report={report} onClose={close} />}
      {doing === 'SUBMIT' && <SubmitReport report={report} onClose={close} />}
      {(doing === 'APPROVE' || doing === 'RETURN') && <ApproveReport report={report} result={doing} onClose={close} />}
      {doing === 'PRESENT' && <PresentReport report={report} onClose={close} />}
      {doing === 'RECEIVE' && <ReceiveReport report={report} onClose={close} />}
      {doing === 'CORRECT' && <CorrectReport report={report} onClose={close} />}
    </>
  )
}

function Course({ report }: { report: Report }) {
  const t = useText(reportText)
  const lang = useLanguage()
  return (
    <Sheet flush title={t('course')}>
      <ul className="list">
        {report.deadlines.map((one) => (
          <li key={one.step} className="row apart">
            <span>{t(`step${one.step}`)}</span>
            <span className="right">
              <Due one={one} />
              {one.doneAt && <span className="note"> {t('done', { at: listTime(one.doneAt, lang) })}</span>}
            </span>
          </li>
        ))}
        {REPORT_AUTHORS.map((author) => {
          const found = report.signatures.find((one) => one.author === author)
          return (
            <li key={author} className="row apart">
              <span>{roleName(author, lang)}</span>
              <Status state={found ? 'kept' : 'todo'} quiet>
                {found ? `${found.byName} ${listTime(found.at, lang)}` : t('notSigned')}
              </Status>
            </li>
          )
        })}
        {report.missingReason && <li className="second">{report.missingReason}</li>}
        {(Object.keys(REPORT_GROUPS) as ReportGroup[]).map((group) => {
          const found = report.approvals.filter((one) => one.group === group).at(-1)
          const returned = found?.result === 'RETURN'
          return (
            <li key={group}>
              <div className="row apart">
                <span>{t(group)}</span>
                <Status state={returned ? 'risk' : report.approved.includes(group) ? 'kept' : 'todo'} quiet={!returned}>
                  {found ? `${t(returned ? 'return' : 'approve')} ${found.byName}` : t('notSigned')}
                </Status>
              </div>
              {found?.comment && <p className="note">{found.comment}</p>}
            </li>
          )
        })}
        {report.presentation && (
          <li>
            <p>
              {t('presentedLine', {
                at: listTime(report.presentation.at, lang),
                place: report.presentation.place,
                by: report.presentation.byName,
              })}
            </p>
            {report.presentation.feedback && <p className="note">{report.presentation.feedback}</p>}
          </li>
        )}
        {report.received.map((one) => (
          <li key={one.role}>
            <div className="row apart">
              <span>{roleName(one.role, lang)}</span>
              <Status state="kept" quiet>
                {t('received')} {one.byName}
              </Status>
            </div>
            {one.feedback && <p className="note">{one.feedback}</p>}
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

function Versions({ report }: { report: Report }) {
  const t = useText(reportText)
  const lang = useLanguage()
  return report.versions.length === 0 ? null : (
    <Sheet flush title={t('versions')}>
      <ul className="list">
        {report.versions.map((one) => (
          <li key={one.version} className="row wrap apart">
            <span>
              {t('version', { n: one.version })} <span className="note">{`${one.byName} ${listTime(one.at, lang)}`}</span>
            </span>
            <span>
              {one.frozen && <Status state="kept">{t('frozen')}</Status>}{' '}
              <Evidence digest={one.digest.value} algorithm={one.digest.algorithm} />
            </span>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

function Errata({ report }: { report: Report }) {
  const t = useText(reportText)
  const lang = useLanguage()
  const act = useAct()
  return (
    <Sheet flush title={t('errata')}>
      <ProblemAlert error={act.error} />
      <ul className="list">
        {report.errataLines.map((one) => (
          <li key={one.id}>
            <p>
              {pick(SECTION_TITLES[one.section], lang)}：<s>{one.wrong}</s> → <b>{one.right}</b>
            </p>
            <p className="note">{`${one.reason} · ${one.byName} ${listTime(one.at, lang)}`}</p>
            <div className="row apart">
              <span className="second">{one.agreedByName ? t('agreed', { by: one.agreedByName }) : t('waitsAgree')}</span>
              {!one.agreedByName && report.may.includes('AGREE') && (
                <Button
                  size="small"
                  onClick={() => void act.run(() => call('report.agreeErratum', { month: report.month, erratumId: one.id }))}
                >
                  {t('agree')}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}
