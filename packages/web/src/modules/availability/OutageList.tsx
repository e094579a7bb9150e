import type { ApplicationAvailability } from '@changbai/contract/availability.shapes.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { clockSeconds, listTime, recordTime, serverNow } from '../../shared/time.ts'
import { Button, Dialog, EmptyState, Loaded, Sheet, type State, Status } from '../../shared/ui/index.ts'
import { availabilityText } from './availabilityText.ts'
import { boundSeconds, lasting } from './format.ts'
import { DisputeRuling, EndOutage, RuleOutage } from './outageActs.tsx'

type Outage = ApplicationAvailability['outages'][number]
const glyphs: Record<Outage['decision'], State> = {
  PENDING: 'risk',
  PROVIDER: 'breach',
  NON_PROVIDER: 'none',
  PLANNED: 'planned',
  NOT_DOWN: 'none',
  MIXED: 'risk',
}
type Opened = { outage: Outage; what: 'rule' | 'dispute' | 'end' | 'evidence' }

/** Outages and unmeasured stretches of the year, the latest first, each with its bounds, its ruling and what it rests on. */
export function OutageList({ data }: { data: ApplicationAvailability }) {
  const t = useText(availabilityText)
  const [opened, setOpened] = useState<Opened | null>(null)
  const close = () => setOpened(null)
  const { applicationId } = data
  return (
    <Sheet flush title={t('outages', { n: data.outages.length })}>
      {data.outages.length === 0 ? (
        <EmptyState title={t('noOutages')}>{t('noOutagesHelp')}</EmptyState>
      ) : (
        <>
          <div className="grid-scroll not-phone">
            <table className="grid">
              <thead>
                <tr>
                  <th>{t('from')}</th>
                  <th>{t('to')}</th>
                  <th>{t('bounds')}</th>
                  <th className="num">{t('lasted')}</th>
                  <th>{t('domain')}</th>
                  <th>{t('ruling')}</th>
                  <th>{t('counts')}</th>
                  <th>{t('basis')}</th>
                </tr>
              </thead>
              <tbody>
                {data.outages.map((outage) => (
                  <OutageRow key={outage.id} outage={outage} onOpen={setOpened} />
                ))}
              </tbody>
            </table>
          </div>
          <ul className="outage-cards phone-only">
            {data.outages.map((outage) => (
              <OutageCard key={outage.id} outage={outage} onOpen={setOpened} />
            ))}
          </ul>
        </>
      )}
      {opened?.what === 'rule' && <RuleOutage applicationId={applicationId} outage={opened.outage} onClose={close} />}
      {opened?.what === 'dispute' && <DisputeRuling applicationId={applicationId} outage={opened.outage} onClose={close} />}
      {opened?.what === 'end' && <EndOutage applicationId={applicationId} outage={opened.outage} onClose={close} />}
      {opened?.what === 'evidence' && <EvidenceDialog applicationId={applicationId} outage={opened.outage} onClose={close} />}
    </Sheet>
  )
}

function useOutageWords(outage: Outage) {
  const t = useText(availabilityText)
  const lang = useLanguage()
  const last = outage.rulings.at(-1)
  const lastedMs = (outage.to === null ? serverNow() : Date.parse(outage.to)) - Date.parse(outage.from)
  const isUnknown = outage.state === 'UNKNOWN' && outage.decision === 'PENDING'
  const counts = isUnknown
    ? t('apart')
    : outage.decision === 'PENDING'
      ? t('countsFirst')
      : outage.countedMs === 0
        ? t('countsNo')
        : outage.countedMs >= lastedMs
          ? t('countsYes')
          : t('countsPart', { span: lasting(outage.countedMs, lang) })
  return {
    ends: outage.to === null ? t('notEnded') : sameDay(outage) ? clockSeconds(outage.to) : recordTime(outage.to),
    lasted: lasting(lastedMs, lang),
    counts,
    ruling: isUnknown ? t('UNKNOWN') : t(outage.decision),
    glyph: isUnknown ? ('unknown' as const) : glyphs[outage.decision],
    basis: [t(outage.source), outage.note, last && `${last.by} ${listTime(last.at, lang)}：${last.reason}`]
      .filter(Boolean)
      .join(lang === 'zh-CN' ? '，' : ', '),
  }
}
const sameDay = ({ from, to }: Outage) => to !== null && recordTime(from).slice(0, 10) === recordTime(to).slice(0, 10)

function OutageRow({ outage, onOpen }: { outage: Outage; onOpen: (opened: Opened) => void }) {
  const t = useText(availabilityText)
  const words = useOutageWords(outage)
  return (
    <tr>
      <td className="nowrap">{recordTime(outage.from)}</td>
      <td className={outage.to === null ? 'nowrap breach' : 'nowrap'}>{words.ends}</td>
      <td className="nowrap second">
        {boundSeconds(outage.fromLo, outage.from)} / {outage.to && outage.toLo ? boundSeconds(outage.toLo, outage.to) : '—'}
      </td>
      <td className="num nowrap strong">{words.lasted}</td>
      <td className="nowrap">{outage.domain ? t(outage.domain) : '—'}</td>
      <td className="nowrap">
        <Status state={words.glyph}>{words.ruling}</Status>
        {outage.disputed && <div className="note risk">{t('disputed')}</div>}
      </td>
      <td className="nowrap">{words.counts}</td>
      <td>
        <div className="second">{words.basis}</div>
        <OutageActs outage={outage} onOpen={onOpen} />
      </td>
    </tr>
  )
}

function OutageCard({ outage, onOpen }: { outage: Outage; onOpen: (opened: Opened) => void }) {
  const words = useOutageWords(outage)
  return (
    <li className="stack tight">
      <div className="row apart">
        <Status state={words.glyph}>{words.ruling}</Status>
        <b>{words.lasted}</b>
      </div>
      <div className="second">
        {recordTime(outage.from)} – {words.ends} · {words.counts}
      </div>
      <div className="second">{words.basis}</div>
      <OutageActs outage={outage} onOpen={onOpen} />
    </li>
  )
}

function OutageActs({ outage, onOpen }: { outage: Outage; onOpen: (opened: Opened) => void }) {
  const t = useText(availabilityText)
  const may = useMay()
  const act = (what: Opened['what'], word: string) => (
    <button type="button" className="link" onClick={() => onOpen({ outage, what })}>
      {word}
    </button>
  )
  return (
    <span className="row wrap second">
      {outage.source === 'PROBE' && act('evidence', t('evidence'))}
      {may('outage.attribute:A') && act('rule', t('decide'))}
      {may('outage.attribute:C') && outage.rulings.length > 0 && !outage.disputed && act('dispute', t('dispute'))}
      {may('outage.attribute:C') && outage.to === null && outage.source !== 'PROBE' && act('end', t('endIt'))}
    </span>
  )
}

/** Two minutes before and after each edge: what turned the state, result by result. */
function EvidenceDialog({ applicationId, outage, onClose }: { applicationId: string; outage: Outage; onClose: () => void }) {
  const t = useText(availabilityText)
  const from = new Date(Date.parse(outage.from) - 120_000).toISOString()
  const to = new Date((outage.to === null ? serverNow() : Date.parse(outage.to)) + 120_000).toISOString()
  const query = useQuery(ask('availability.evidence', { applicationId, from, to }))
  return (
    <Dialog
      wide
      title={t('evidenceTitle', { from: recordTime(outage.from) })}
      onClose={onClose}
      foot={<Button onClick={onClose}>×</Button>}
    >
      <p className="second">{t('evidenceHelp')}</p>
      <Loaded query={query} rows={4}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="second">{t('noEvidence')}</p>
          ) : (
            <div className="grid-scroll">
              <table className="grid dense">
                <tbody>
                  {items.map((item) => (
                    <tr key={`${item.probe}${item.at}`}>
                      <td className="nowrap mono">{recordTime(item.at)}</td>
                      <td>{item.probe}</td>
                      <td>
                        <Status state={item.verdict === 'UP' ? 'kept' : item.verdict === 'DOWN' ? 'breach' : 'unknown'}>
                          {item.verdict}
                        </Status>
                      </td>
                      <td className="num">{item.latencyMs === null ? '—' : `${item.latencyMs} ms`}</td>
                      <td className="second">{item.detail}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </Dialog>
  )
}
