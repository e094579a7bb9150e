import type { Drift } from '@changbai/contract/inventory.drift.ts'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../../shared/call.ts'
import { useMay } from '../../../shared/session.ts'
import { useLanguage, useText } from '../../../shared/text.ts'
import { listTime } from '../../../shared/time.ts'
import { DecisionDialog, Dialog, Facts, Segments, TextField, useAct } from '../../../shared/ui/index.ts'
import { RefField } from '../edit/RefField.tsx'
import { inventoryText } from '../inventoryText.ts'
import { fieldWord, kindWord } from './driftWords.ts'

const places = { server: '/cloud/servers', volume: '/cloud/volumes', network: '/cloud/networks', address: '/cloud/networks' } as const

function Difference({ drift }: { drift: Drift }) {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const place = drift.kind in places ? places[drift.kind as keyof typeof places] : null
  return (
    <>
      <Facts
        items={[
          [t('driftVerdict'), `${kindWord(t, drift.kind)} · ${t(drift.verdict)}`],
          [
            t('externalId'),
            <span key="id" className="mono">
              {drift.externalId}
            </span>,
          ],
          [t('driftProject'), drift.projectId && <span className="mono">{drift.projectId}</span>],
          [t('driftItem'), drift.itemId && place && <Link to={`${place}/${drift.itemId}`}>{drift.name}</Link>],
          [t('driftFound'), `${listTime(drift.firstSeenAt, lang)} – ${listTime(drift.lastSeenAt, lang)}`],
          [
            t('driftDecide'),
            drift.decision &&
              [t(drift.decision), drift.decidedBy?.name, drift.decidedAt && listTime(drift.decidedAt, lang), drift.comment, drift.reference]
                .filter(Boolean)
                .join(' · '),
          ],
          drift.changeId !== null && [
            t('driftChange'),
            <Link key="change" to={`/work/changes/${drift.changeId}` as string}>
              {drift.reference}
            </Link>,
          ],
        ]}
      />
      {drift.differences.length > 0 && (
        <div className="grid-scroll">
          <table className="grid">
            <thead>
              <tr>
                <th>{t('driftField')}</th>
                <th>{t('driftHere')}</th>
                <th>{t('driftThere')}</th>
              </tr>
            </thead>
            <tbody>
              {drift.differences.map(({ field, here, there }) => (
                <tr key={field}>
                  <td>{fieldWord(t, field)}</td>
                  <td className="mono">{here || '—'}</td>
                  <td className="mono">{there || '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

/** One difference: both sides, what may be decided with what it means, and why. */
export function DecideDrift({ drift, onClose }: { drift: Drift; onClose: () => void }) {
  const t = useText(inventoryText)
  const may = useMay()
  const refresh = useAct()
  const [decision, setDecision] = useState(drift.proposals[0])
  const [applicationId, setApplicationId] = useState('')
  const [reference, setReference] = useState('')
  const title = drift.name || drift.externalId
  if (!decision || !may('drift.decide:A'))
    return (
      <Dialog wide title={title} onClose={onClose}>
        <Difference drift={drift} />
      </Dialog>
    )
  return (
    <DecisionDialog
      wide
      title={title}
      verb={t(decision)}
      danger={decision === 'CORRECT' && drift.verdict === 'MISSING'}
      reason={{ label: t('driftComment') }}
      act={async (comment) => {
        await call('drift.decide', {
          id: drift.id,
          decision,
          comment,
          reference,
          ...(decision === 'ADOPT' ? { applicationId: applicationId || null } : {}),
        })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      <Difference drift={drift} />
      <Segments
        label={t('driftDecide')}
        value={decision}
        options={drift.proposals.map((one) => [one, t(one)] as const)}
        onChange={(next) => setDecision(drift.proposals.find((one) => one === next) ?? decision)}
      />
      <p className="second">{t(`help${decision}`)}</p>
      {decision === 'ADOPT' && (
        <RefField
          label={`${t('application')}（${t('driftHouse')}）`}
          optional
          of="application"
          value={applicationId}
          onChange={setApplicationId}
        />
      )}
      {(decision === 'CHANGE' || decision === 'REPORT') && (
        <TextField label={t('driftReference')} optional maxLength={60} value={reference} onChange={setReference} />
      )}
    </DecisionDialog>
  )
}
