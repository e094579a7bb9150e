import type { Downtime } from '@changbai/contract/availability.shapes.ts'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, serverNow, today } from '../../shared/time.ts'
import { Button, ClauseChip, EmptyState, Loaded, PageTitle, Sheet, type State, Status } from '../../shared/ui/index.ts'
import './availability.css'
import { availabilityText } from './availabilityText.ts'
import { DowntimeAct, type DowntimeVerb, ProposeDowntime } from './downtimeActs.tsx'
import { lasting } from './format.ts'

/** Windows of a year: proposed, noticed, recognised before they begin, and what overran. */
export function DowntimesPage() {
  const t = useText(availabilityText)
  const may = useMay()
  const { year: asked } = useSearch({ strict: false }) as { year?: number }
  const year = Number(asked ?? today().slice(0, 4))
  const query = useQuery(ask('availability.downtimes', { year }))
  const [proposing, setProposing] = useState(false)
  const [opened, setOpened] = useState<{ downtime: Downtime; verb: DowntimeVerb } | null>(null)
  return (
    <div className="page">
      <PageTitle
        title={t('downtimes')}
        mark={<ClauseChip id="7.1-I-1" />}
        sentence={t('downtimesSentence')}
        acts={
          may('plannedDowntime.apply:C') && (
            <Button kind="primary" icon={<Plus size={16} strokeWidth={1.6} />} onClick={() => setProposing(true)}>
              {t('propose')}
            </Button>
          )
        }
      />
      <Sheet flush>
        <Loaded query={query} rows={5}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={t('noDowntimes')}>{t('downtimesSentence')}</EmptyState>
            ) : (
              <ul className="list">
                {items.map((downtime) => (
                  <Line key={downtime.id} downtime={downtime} onOpen={(verb) => setOpened({ downtime, verb })} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Sheet>
      {proposing && <ProposeDowntime onClose={() => setProposing(false)} />}
      {opened && <DowntimeAct {...opened} onClose={() => setOpened(null)} />}
    </div>
  )
}

function stateOf(downtime: Downtime): readonly [State, 'cancelled' | 'recognised' | 'refused' | 'lapsed' | 'awaits' | 'noNotice'] {
  if (downtime.cancelledAt) return ['none', 'cancelled']
  if (downtime.recognised === true) return ['planned', 'recognised']
  if (downtime.recognised === false) return ['breach', 'refused']
  if (Date.parse(downtime.plannedFrom) <= serverNow()) return ['breach', 'lapsed']
  return downtime.noticeSentAt ? ['running', 'awaits'] : ['todo', 'noNotice']
}

function Line({ downtime, onOpen }: { downtime: Downtime; onOpen: (verb: DowntimeVerb) => void }) {
  const t = useText(availabilityText)
  const lang = useLanguage()
  const may = useMay()
  const [state, word] = stateOf(downtime)
  const isOpen = !downtime.cancelledAt
  const isAhead = isOpen && Date.parse(downtime.plannedFrom) > serverNow()
  const act = (verb: DowntimeVerb, label: string, isShown: boolean) =>
    isShown && (
      <Button size="small" onClick={() => onOpen(verb)}>
        {label}
      </Button>
    )
  return (
    <li className="stack tight">
      <div className="row wrap apart">
        <span className="row wrap">
          <b>
            {listTime(downtime.plannedFrom, lang)} – {listTime(downtime.plannedTo, lang)}
          </b>
          <span className="chip">{t(downtime.reason)}</span>
          <Status state={state}>{t(word)}</Status>
          {downtime.late && <span className="second risk">{t('lateNotice')}</span>}
        </span>
        <span className="row wrap">
          {act('notice', t('recordNotice'), may('plannedDowntime.apply:C') && isAhead && downtime.recognised === null)}
          {act(
            'recognise',
            t('recognise'),
            may('plannedDowntime.approve:A') && isAhead && downtime.recognised === null && downtime.noticeSentAt !== null,
          )}
          {act('refuse', t('refuse'), may('plannedDowntime.approve:A') && isAhead && downtime.recognised === null)}
          {act('actual', t('recordActual'), may('plannedDowntime.apply:C') && isOpen && !isAhead && downtime.actualFrom === null)}
          {act('cancel', t('cancel'), may('plannedDowntime.apply:C') && isAhead)}
        </span>
      </div>
      <div className="second">
        {downtime.applications.map(({ name }) => name).join(lang === 'zh-CN' ? '、' : ', ')} · {downtime.impact}
      </div>
      <div className="note">
        {[
          downtime.noticeSentAt && `${t('notice')} ${listTime(downtime.noticeSentAt, lang)}（${downtime.noticeProof}）`,
          downtime.decidedAt && `${downtime.decidedBy} ${listTime(downtime.decidedAt, lang)} ${downtime.comment}`,
          downtime.actualFrom &&
            downtime.actualTo &&
            `${t('actual')} ${listTime(downtime.actualFrom, lang)} – ${listTime(downtime.actualTo, lang)}`,
          downtime.overrunMs > 0 && t('overrun', { span: lasting(downtime.overrunMs, lang) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </div>
    </li>
  )
}
