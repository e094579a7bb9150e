import type { Report, ReportAuthor, ReportGroup, ReportSection, SectionCode } from '@changbai/contract/report.shapes.ts'
import { SECTION_CODES, SECTION_TITLES } from '@changbai/contract/report.words.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { ProblemError } from '../../shared/problem.ts'
import { roleName } from '../../shared/roles.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { fromWall, serverNow, toWall } from '../../shared/time.ts'
import { DecisionDialog, LongField, MinuteField, SelectField, TextField, useAct } from '../../shared/ui/index.ts'
import { reportText } from './reportText.ts'

interface Props {
  report: Report
  onClose: () => void
}

/** A party's comment. What somebody else of the party wrote meanwhile is merged, or shown beside. */
export function WriteComment({ report, section, onClose }: Props & { section: ReportSection }) {
  const t = useText(reportText)
  const lang = useLanguage()
  const act = useAct()
  const [author, setAuthor] = useState<ReportAuthor>(report.as.authors[0] as ReportAuthor)
  const own = section.comments.find((one) => one.author === author)
  const [text, setText] = useState(own?.text ?? '')
  const [rev, setRev] = useState(own?.rev ?? 0)
  const [theirs, setTheirs] = useState<{ by: string; text: string } | null>(null)
  const choose = (next: ReportAuthor) => {
    const found = section.comments.find((one) => one.author === next)
    setAuthor(next)
    setText(found?.text ?? '')
    setRev(found?.rev ?? 0)
    setTheirs(null)
  }
  return (
    <DecisionDialog
      wide
      title={t('writeTitle', { section: pick(SECTION_TITLES[section.code], lang), party: roleName(author, lang) })}
      verb={t('save')}
      act={async () => {
        try {
          await act.runOrThrow(() => call('report.comment', { month: report.month, section: section.code, author, baseRev: rev, text }))
        } catch (failure) {
          if (failure instanceof ProblemError && failure.is('report.comment-conflict')) {
            setTheirs({ by: String(failure.body['by']), text: String(failure.body['theirs']) })
            setRev(Number(failure.body['rev']))
          }
          throw failure
        }
      }}
      onClose={onClose}
    >
      {report.as.authors.length > 1 && (
        <SelectField
          label={t('asParty')}
          value={author}
          onChange={(value) => choose(value as ReportAuthor)}
          options={report.as.authors.map((one) => [one, roleName(one, lang)] as const)}
        />
      )}
      {theirs && <LongField label={t('theirs', { by: theirs.by })} value={theirs.text} rows={6} readOnly />}
      <LongField label={theirs ? t('mine') : t('comment')} value={text} rows={10} maxLength={8000} onChange={setText} />
    </DecisionDialog>
  )
}

export function SignReport({ report, onClose }: Props) {
  const t = useText(reportText)
  const lang = useLanguage()
  const act = useAct()
  const open = report.as.authors.filter((one) => !report.signed.includes(one))
  const [author, setAuthor] = useState<ReportAuthor>((open[0] ?? report.as.authors[0]) as ReportAuthor)
  return (
    <DecisionDialog
      title={t('signTitle', { party: roleName(author, lang) })}
      verb={t('sign')}
      act={() => act.runOrThrow(() => call('report.sign', { month: report.month, author }))}
      onClose={onClose}
    >
      <p className="second">{t('signNote')}</p>
      {report.as.authors.length > 1 && (
        <SelectField
          label={t('asParty')}
          value={author}
          onChange={(value) => setAuthor(value as ReportAuthor)}
          options={report.as.authors.map((one) => [one, roleName(one, lang)] as const)}
        />
      )}
    </DecisionDialog>
  )
}

export function SubmitReport({ report, onClose }: Props) {
  const t = useText(reportText)
  const act = useAct()
  const complete = report.signed.length === 5
  return (
    <DecisionDialog
      title={t('submit')}
      verb={t('submit')}
      {...(!complete && { reason: { label: t('missingReason'), help: t('missingHelp') } })}
      act={(missingReason) => act.runOrThrow(() => call('report.submit', { month: report.month, missingReason }))}
      onClose={onClose}
    >
      <p className="second">{t('submitNote')}</p>
    </DecisionDialog>
  )
}

export function ApproveReport({ report, result, onClose }: Props & { result: 'APPROVE' | 'RETURN' }) {
  const t = useText(reportText)
  const act = useAct()
  const groups = report.as.groups.filter((one) => !report.approved.includes(one))
  const [group, setGroup] = useState<ReportGroup>(groups[0] as ReportGroup)
  const verb = t(result === 'APPROVE' ? 'approve' : 'return')
  return (
    <DecisionDialog
      title={`${verb} · ${t(group)}`}
      verb={verb}
      danger={result === 'RETURN'}
      reason={{ label: t('opinion'), optional: result === 'APPROVE' }}
      act={(comment) => act.runOrThrow(() => call('report.approve', { month: report.month, group, result, comment }))}
      onClose={onClose}
    >
      {groups.length > 1 && (
        <SelectField
          label={t('group')}
          value={group}
          onChange={(value) => setGroup(value as ReportGroup)}
          options={groups.map((one) => [one, t(one)] as const)}
        />
      )}
    </DecisionDialog>
  )
}

export function PresentReport({ report, onClose }: Props) {
  const t = useText(reportText)
  const act = useAct()
  const [at, setAt] = useState(toWall(new Date(serverNow()).toISOString()))
  const [place, setPlace] = useState('')
  return (
    <DecisionDialog
      title={t('present')}
      verb={t('present')}
      ready={at !== '' && place.trim() !== ''}
      reason={{ label: t('feedback'), optional: true }}
      act={(feedback) => act.runOrThrow(() => call('report.present', { month: report.month, at: fromWall(at), place, feedback }))}
      onClose={onClose}
    >
      <MinuteField label={t('presentAt')} value={at} onChange={setAt} />
      <TextField label={t('place')} value={place} onChange={setPlace} maxLength={200} />
    </DecisionDialog>
  )
}

export function ReceiveReport({ report, onClose }: Props) {
  const t = useText(reportText)
  const act = useAct()
  return (
    <DecisionDialog
      title={t('receive')}
      verb={t('receive')}
      reason={{ label: t('feedback'), optional: true }}
      act={(feedback) => act.runOrThrow(() => call('report.receive', { month: report.month, feedback }))}
      onClose={onClose}
    />
  )
}

export function CorrectReport({ report, onClose }: Props) {
  const t = useText(reportText)
  const lang = useLanguage()
  const act = useAct()
  const [section, setSection] = useState<SectionCode>('overview')
  const [wrong, setWrong] = useState('')
  const [right, setRight] = useState('')
  return (
    <DecisionDialog
      title={t('correct')}
      verb={t('correct')}
      ready={wrong.trim() !== '' && right.trim() !== ''}
      reason={{ label: t('reason') }}
      act={(reason) => act.runOrThrow(() => call('report.erratum', { month: report.month, section, wrong, right, reason }))}
      onClose={onClose}
    >
      <SelectField
        label={t('section')}
        value={section}
        onChange={(value) => setSection(value as SectionCode)}
        options={SECTION_CODES.map((code) => [code, pick(SECTION_TITLES[code], lang)] as const)}
      />
      <TextField label={t('wrong')} value={wrong} onChange={setWrong} maxLength={500} full />
      <TextField label={t('right')} value={right} onChange={setRight} maxLength={500} full />
    </DecisionDialog>
  )
}
