import type { Correction, Waiver } from '@changbai/contract/compliance.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  EmptyState,
  Loaded,
  PageTitle,
  SelectField,
  Sheet,
  type State,
  Status,
  useAct,
} from '../../shared/ui/index.ts'
import './compliance.css'
import { complianceText } from './complianceText.ts'
import { rateWords } from './states.ts'

const states: Record<Waiver['status'], State> = { PROPOSED: 'running', GRANTED: 'kept', REFUSED: 'breach', WITHDRAWN: 'none' }
type Deciding = { kind: 'waiver' | 'correction'; id: string; label: string; grant: boolean }

/** What the provider asks the customer to let pass, and what is put right after the month was frozen. */
export function WaiversPage() {
  const t = useText(complianceText)
  const may = useMay()
  const act = useAct()
  const waivers = useQuery(ask('compliance.waivers', { limit: 100 }))
  const corrections = useQuery(ask('compliance.corrections', { limit: 50 }))
  const freezes = useQuery(ask('compliance.freezes', {}))
  const [deciding, setDeciding] = useState<Deciding | null>(null)
  const [correcting, setCorrecting] = useState(false)
  const [month, setMonth] = useState('')
  const months = freezes.data?.items.map((one) => one.month) ?? []
  return (
    <div className="page">
      <PageTitle
        title={t('waivers')}
        sentence={t('waiversSentence')}
        acts={may('compliance.freeze:X') && months.length > 0 && <Button onClick={() => setCorrecting(true)}>{t('correct')}</Button>}
      />
      <div className="stack">
        <Sheet flush title={t('waiverNoun')}>
          <Loaded query={waivers} rows={4}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState title={t('noWaivers')}>{t('noWaiversNote')}</EmptyState>
              ) : (
                <ul className="list">
                  {items.map((one) => (
                    <WaiverLine key={one.id} one={one} onDecide={setDeciding} />
                  ))}
                </ul>
              )
            }
          </Loaded>
        </Sheet>
        <Sheet flush title={t('corrections')}>
          <Loaded query={corrections} rows={2}>
            {({ items }) =>
              items.length === 0 ? (
                <p className="second sheet-line">{t('noCorrections')}</p>
              ) : (
                <ul className="list">
                  {items.map((one) => (
                    <CorrectionLine key={one.id} one={one} onDecide={setDeciding} />
                  ))}
                </ul>
              )
            }
          </Loaded>
        </Sheet>
      </div>
      {deciding && (
        <DecisionDialog
          title={t('decideTitle', { verb: t(deciding.grant ? 'grant' : 'refuse'), label: deciding.label })}
          verb={t(deciding.grant ? 'grant' : 'refuse')}
          danger={!deciding.grant}
          reason={{ label: t('comment'), optional: deciding.grant }}
          act={async (comment) => {
            const input = { id: deciding.id, grant: deciding.grant, comment }
            await act.runOrThrow<unknown>(() =>
              deciding.kind === 'waiver' ? call('compliance.decideWaiver', input) : call('compliance.decideCorrection', input),
            )
          }}
          onClose={() => setDeciding(null)}
        />
      )}
      {correcting && (
        <DecisionDialog
          title={t('correctTitle', { month: month || months[0] || '' })}
          verb={t('correct')}
          reason={{ label: t('reason'), help: t('correctNote', { month: month || months[0] || '' }) }}
          act={async (reason) => {
            await act.runOrThrow(() => call('compliance.proposeCorrection', { month: month || months[0] || '', reason }))
          }}
          onClose={() => setCorrecting(false)}
        >
          <SelectField
            label={t('item')}
            value={month || months[0] || ''}
            onChange={setMonth}
            options={months.map((one) => [one, one] as const)}
          />
        </DecisionDialog>
      )}
    </div>
  )
}

function Decide({ onDecide, ...deciding }: Omit<Deciding, 'grant'> & { onDecide: (deciding: Deciding) => void }) {
  const t = useText(complianceText)
  return (
    <span className="row">
      <Button size="small" onClick={() => onDecide({ ...deciding, grant: true })}>
        {t('grant')}
      </Button>
      <Button size="small" onClick={() => onDecide({ ...deciding, grant: false })}>
        {t('refuse')}
      </Button>
    </span>
  )
}

function Course({ one }: { one: Waiver | Correction }) {
  const t = useText(complianceText)
  const lang = useLanguage()
  return (
    <p className="note">
      {t('proposed', { by: one.proposedByName, at: listTime(one.proposedAt, lang) })}
      {one.decidedByName && one.decidedAt && ` · ${t('decided', { by: one.decidedByName, at: listTime(one.decidedAt, lang) })}`}
      {one.comment && ` · ${one.comment}`}
    </p>
  )
}

function WaiverLine({ one, onDecide }: { one: Waiver; onDecide: (deciding: Deciding) => void }) {
  const t = useText(complianceText)
  return (
    <li>
      <div className="row wrap apart">
        <span className="grow">
          <Link to="/proof/board" search={{ month: one.month, clause: one.clauseId } as never} className="clause">
            {one.clauseId}
          </Link>{' '}
          <b>{one.label}</b> <span className="note mono">{one.month}</span>
        </span>
        <Status state={states[one.status]}>{t(one.status)}</Status>
        {one.may.includes('DECIDE') && <Decide kind="waiver" id={one.id} label={one.label} onDecide={onDecide} />}
      </div>
      <p>{one.reason}</p>
      <Course one={one} />
    </li>
  )
}

function CorrectionLine({ one, onDecide }: { one: Correction; onDecide: (deciding: Deciding) => void }) {
  const t = useText(complianceText)
  return (
    <li>
      <div className="row wrap apart">
        <span className="grow">
          <b className="mono">{one.month}</b> {one.reason}
        </span>
        <Status state={states[one.status]}>{t(one.status)}</Status>
        {one.may.includes('DECIDE') && <Decide kind="correction" id={one.id} label={one.month} onDecide={onDecide} />}
      </div>
      <ul className="second">
        {one.changes.map((change) => (
          <li key={change.clauseId}>
            {t('was', {
              clause: change.clauseId,
              before: `${t(change.before.state)} ${rateWords(change.before)}`,
              after: `${t(change.after.state)} ${rateWords(change.after)}`,
            })}
          </li>
        ))}
      </ul>
      <Course one={one} />
    </li>
  )
}
