import './document.css'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { addDays, listTime, shortDay, today } from '../../shared/time.ts'
import {
  Button,
  DayField,
  DecisionDialog,
  LongField,
  PageTitle,
  PersonField,
  Segments,
  Sheet,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { Board } from './Board.tsx'
import { documentText } from './documentText.ts'
import { More } from './More.tsx'

/** What the operation manager keeps: the week's board, guidance, matters with other parties. */
export function RegisterPage() {
  const t = useText(documentText)
  return (
    <div className="page">
      <PageTitle title={t('register')} sentence={t('registerSentence')} />
      <div className="stack">
        <Board />
        <GuidanceSheet />
        <CoordinationSheet />
      </div>
    </div>
  )
}

const quarterOf = (day: string): string => `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`

function GuidanceSheet() {
  const t = useText(documentText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [adding, setAdding] = useState(false)
  const [title, setTitle] = useState('')
  const [text, setText] = useState('')
  const query = useInfiniteQuery({
    queryKey: ['document.guidance', {}],
    queryFn: ({ pageParam, signal }) => call('document.guidance', { limit: 20, ...(pageParam && { after: pageParam }) }, { signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
  const quarter = quarterOf(today())
  const latest = query.data?.pages[0]?.items[0]?.quarter
  return (
    <Sheet
      flush
      title={t('guidance')}
      note={query.data && latest !== quarter && <Status state="todo">{t('quarterMissing', { quarter })}</Status>}
      acts={
        may('document.write:C') && (
          <Button size="small" onClick={() => setAdding(true)}>
            {t('addGuidance')}
          </Button>
        )
      }
    >
      <More query={query} empty={<p className="second sheet-line">{t('noGuidance')}</p>}>
        {(one) => (
          <li key={one.id}>
            <details>
              <summary className="row wrap apart">
                <span className="grow">
                  <b>{one.title}</b> <span className="note">{one.number}</span>
                </span>
                <span className="mono">{one.quarter}</span>
                <span className="second">{`${one.byName} ${listTime(one.at, lang)}`}</span>
              </summary>
              <p className="document-text">{one.text}</p>
            </details>
          </li>
        )}
      </More>
      {adding && (
        <DecisionDialog
          wide
          title={t('addGuidance')}
          verb={t('addGuidance')}
          ready={title.trim() !== '' && text.trim().length > 1}
          act={async () => {
            await act.runOrThrow(() => call('document.addGuidance', { title, text: text.trim() }))
            setTitle('')
            setText('')
          }}
          onClose={() => setAdding(false)}
        >
          <TextField label={t('subject')} value={title} onChange={setTitle} maxLength={200} />
          <LongField label={t('body')} value={text} onChange={setText} rows={8} maxLength={8000} />
        </DecisionDialog>
      )}
    </Sheet>
  )
}

type Show = 'open' | 'closed' | 'all'
function CoordinationSheet() {
  const t = useText(documentText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [show, setShow] = useState<Show>('open')
  const [adding, setAdding] = useState(false)
  const [closing, setClosing] = useState<{ id: string; title: string } | null>(null)
  const query = useInfiniteQuery({
    queryKey: ['document.coordination', { show }],
    queryFn: ({ pageParam, signal }) =>
      call(
        'document.coordination',
        {
          limit: 30,
          ...(show !== 'all' && { open: show === 'open' ? 'true' : 'false' }),
          ...(pageParam && { after: pageParam }),
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
  return (
    <Sheet
      flush
      title={t('coordination')}
      acts={
        <>
          <Segments
            label={t('show')}
            value={show}
            onChange={setShow}
            options={[
              ['open', t('open')],
              ['closed', t('closed')],
              ['all', t('all')],
            ]}
          />
          {may('document.write:C') && (
            <Button size="small" onClick={() => setAdding(true)}>
              {t('openCoordination')}
            </Button>
          )}
        </>
      }
    >
      <More query={query} empty={<p className="second sheet-line">{t('noCoordination')}</p>}>
        {(one) => (
          <li key={one.id}>
            <div className="row wrap apart">
              <span className="grow">
                <b>{one.title}</b> <span className="note">{`${one.number} · ${one.party}`}</span>
              </span>
              <Status state={one.closedAt ? 'kept' : one.overdue ? 'breach' : 'running'}>
                {one.closedAt
                  ? t('closedAt', { at: listTime(one.closedAt, lang) })
                  : `${t('dueBy', { name: one.ownerName, on: shortDay(one.dueOn, lang) })}${one.overdue ? ` ${t('overdue')}` : ''}`}
              </Status>
              {!one.closedAt && may('document.write:C') && (
                <Button size="small" onClick={() => setClosing(one)}>
                  {t('close')}
                </Button>
              )}
            </div>
            {one.result && <p className="second">{one.result}</p>}
          </li>
        )}
      </More>
      {adding && <OpenMatter onClose={() => setAdding(false)} />}
      {closing && (
        <DecisionDialog
          title={closing.title}
          verb={t('close')}
          reason={{ label: t('result') }}
          act={(result) => act.runOrThrow(() => call('document.closeCoordination', { itemId: closing.id, result }))}
          onClose={() => setClosing(null)}
        />
      )}
    </Sheet>
  )
}

function OpenMatter({ onClose }: { onClose: () => void }) {
  const t = useText(documentText)
  const act = useAct()
  const [title, setTitle] = useState('')
  const [party, setParty] = useState('')
  const [ownerId, setOwnerId] = useState('')
  const [dueOn, setDueOn] = useState(addDays(today(), 7))
  return (
    <DecisionDialog
      title={t('openCoordination')}
      verb={t('openCoordination')}
      ready={title.trim() !== '' && party.trim() !== '' && ownerId !== '' && dueOn !== ''}
      act={() => act.runOrThrow(() => call('document.openCoordination', { title, party, ownerId, dueOn }))}
      onClose={onClose}
    >
      <TextField label={t('what')} value={title} onChange={setTitle} maxLength={500} />
      <TextField label={t('party')} value={party} onChange={setParty} maxLength={200} />
      <PersonField label={t('owner')} value={ownerId} onChange={setOwnerId} />
      <DayField label={t('due')} value={dueOn} onChange={setDueOn} min={today()} />
    </DecisionDialog>
  )
}
