import type { LogQuery } from '@changbai/contract/log.ts'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { serverNow } from '../../shared/time.ts'
import {
  Button,
  ButtonLink,
  Check,
  DecisionDialog,
  EmptyState,
  Failed,
  Loaded,
  PageTitle,
  SelectField,
  Sheet,
  Skeleton,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { LogLines } from './LogLines.tsx'
import './log.css'
import { logText } from './logText.ts'

const SPANS = ['1', '24', '168', '720', '4560'] as const
const SEVERITIES = ['0', '1', '2', '3', '4', '5', '6'] as const
const HOUR_MS = 3_600_000
/** Nothing chosen; a list offers it as a choice of its own. */
const ALL = '*'

interface Wanted {
  q: string
  device: string
  severity: string
  hours: (typeof SPANS)[number]
}
const spanOf = (hours: number): Wanted['hours'] => SPANS.find((one) => Number(one) >= hours) ?? '4560'

/** What devices say of themselves. @clause 5.2-4 */
export function LogsPage() {
  const t = useText(logText)
  const [form, setForm] = useState<Wanted>({ q: '', device: ALL, severity: ALL, hours: '24' })
  // what is asked stands still while somebody types, and so does its end while they read on
  const [asked, setAsked] = useState<{ wanted: Wanted; toMs: number }>(() => ({ wanted: form, toMs: serverNow() }))
  const [isSaving, setSaving] = useState(false)
  const devices = useQuery(ask('log.devices', {}))
  const { wanted, toMs } = asked
  const input = {
    ...(wanted.q.trim() ? { q: wanted.q } : {}),
    ...(wanted.device !== ALL ? { device: wanted.device } : {}),
    ...(wanted.severity !== ALL ? { severity: Number(wanted.severity) } : {}),
    from: new Date(toMs - Number(wanted.hours) * HOUR_MS).toISOString(),
    to: new Date(toMs + 60_000).toISOString(),
  }
  const lines = useInfiniteQuery({
    queryKey: ['log.search', input],
    queryFn: ({ pageParam }) => call('log.search', { ...input, ...(pageParam ? { after: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })
  const search = (next: Wanted): void => {
    setForm(next)
    setAsked({ wanted: next, toMs: serverNow() })
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    search(form)
  }
  const all = lines.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <div className="page">
      <PageTitle
        title={t('logs')}
        sentence={t('sentence')}
        acts={
          <>
            <ButtonLink to="/cloud/logs/review">{t('review')}</ButtonLink>
            <Button onClick={() => setSaving(true)}>{t('save')}</Button>
          </>
        }
      />
      <div className="stack">
        <Sheet screenOnly>
          <form className="row wrap log-form" onSubmit={submit}>
            <div className="log-words">
              <TextField
                label={t('words')}
                optional
                help={t('wordsHelp')}
                value={form.q}
                onChange={(q) => setForm({ ...form, q })}
                maxLength={200}
              />
            </div>
            <SelectField
              label={t('device')}
              value={form.device}
              onChange={(device) => setForm({ ...form, device })}
              options={[[ALL, t('allDevices')], ...(devices.data?.items ?? []).map(({ name }) => [name, name] as const)]}
            />
            <SelectField
              label={t('severity')}
              value={form.severity}
              onChange={(severity) => setForm({ ...form, severity })}
              options={[[ALL, t('allSeverities')], ...SEVERITIES.map((one) => [one, t('orWorse', { name: t(`s-${one}`) })] as const)]}
            />
            <SelectField
              label={t('span')}
              value={form.hours}
              onChange={(hours) => setForm({ ...form, hours: hours as Wanted['hours'] })}
              options={SPANS.map((hours) => [hours, t(`span-${hours}`)] as const)}
            />
            <Button kind="primary" type="submit" busy={lines.isFetching}>
              {t('search')}
            </Button>
          </form>
        </Sheet>
        <SavedSearches
          open={({ q, device, severity, hours }) =>
            search({ q, device: device || ALL, severity: severity === null ? ALL : String(severity), hours: spanOf(hours) })
          }
        />
        <Sheet flush>
          {lines.isPending ? (
            <Skeleton rows={8} />
          ) : lines.isError ? (
            <Failed error={lines.error} retry={() => void lines.refetch()} />
          ) : all.length === 0 ? (
            <EmptyState title={t('nothing')}>{t('nothingHelp')}</EmptyState>
          ) : (
            <LogLines lines={all} onDevice={(device) => search({ ...form, device })} />
          )}
          {lines.hasNextPage && (
            <p className="sheet-line">
              <Button busy={lines.isFetchingNextPage} onClick={() => void lines.fetchNextPage()}>
                {t('older')}
              </Button>
            </p>
          )}
        </Sheet>
      </div>
      {isSaving && <SaveSearch wanted={form} onClose={() => setSaving(false)} />}
    </div>
  )
}

function SavedSearches({ open }: { open: (query: LogQuery['query']) => void }) {
  const t = useText(logText)
  const act = useAct()
  const query = useQuery(ask('log.queries', {}))
  return (
    <Sheet title={t('saved')} screenOnly>
      <Loaded query={query} rows={1}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="second">{t('noSaved')}</p>
          ) : (
            <div className="row wrap">
              {items.map((one) => (
                <span key={one.id} className="row">
                  <Button size="small" onClick={() => open(one.query)}>
                    {one.name}
                  </Button>
                  {one.isShared && <span className="note">{t('shared')}</span>}
                  {one.isMine && (
                    <Button
                      size="small"
                      kind="link"
                      busy={act.busy}
                      onClick={() => void act.run(() => call('log.deleteQuery', { queryId: one.id }))}
                    >
                      {t('remove')}
                    </Button>
                  )}
                </span>
              ))}
            </div>
          )
        }
      </Loaded>
    </Sheet>
  )
}

function SaveSearch({ wanted, onClose }: { wanted: Wanted; onClose: () => void }) {
  const t = useText(logText)
  const act = useAct()
  const [name, setName] = useState('')
  const [isShared, setShared] = useState(false)
  return (
    <DecisionDialog
      title={t('save')}
      verb={t('save')}
      ready={name.trim() !== ''}
      act={async () => {
        const query = {
          q: wanted.q.trim(),
          device: wanted.device === ALL ? '' : wanted.device,
          severity: wanted.severity === ALL ? null : Number(wanted.severity),
          hours: Number(wanted.hours),
        }
        await act.runOrThrow(() => call('log.saveQuery', { name, isShared, query }))
      }}
      onClose={onClose}
    >
      <TextField label={t('saveName')} value={name} onChange={setName} maxLength={60} />
      <Check checked={isShared} onChange={setShared}>
        {t('share')}
      </Check>
    </DecisionDialog>
  )
}
