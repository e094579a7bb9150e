import type { LedgerFact } from '@changbai/contract/ledger.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { addDays, fromWall, recordTime, today } from '../../shared/time.ts'
import {
  Button,
  Dialog,
  EmptyState,
  Evidence,
  Facts,
  MinuteField,
  PageTitle,
  ProblemAlert,
  Sheet,
  Skeleton,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { ledgerText } from './ledgerText.ts'

interface Conditions {
  kind: string
  subjectId: string
  address: string
  from: string
  until: string
}

function FactDialog({ fact, onClose }: { fact: LedgerFact; onClose: () => void }) {
  const t = useText(ledgerText)
  const part = (title: string, value: unknown) =>
    value === null || value === undefined ? null : (
      <section>
        <h3 className="note">{title}</h3>
        <pre className="mono second" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', margin: 0 }}>
          {JSON.stringify(value, null, 2)}
        </pre>
      </section>
    )
  return (
    <Dialog wide title={t('detail', { kind: fact.kind })} onClose={onClose}>
      <div className="stack">
        <Facts
          items={[
            [t('at'), recordTime(fact.at)],
            [t('actor'), fact.actorName],
            [t('subject'), `${fact.subjectType} ${fact.subjectId}`],
            [t('address'), fact.address],
            [t('seal'), fact.batchNo === null ? t('unsealed') : t('sealed', { no: fact.batchNo })],
            [t('digest'), <Evidence key="digest" digest={fact.digest} algorithm={fact.digestAlgorithm} />],
          ]}
        />
        {part(t('before'), fact.before)}
        {part(t('after'), fact.after)}
        {part(t('data'), fact.data)}
      </div>
    </Dialog>
  )
}

/** Reading is a command: it runs when asked for, never by itself. */
export function LedgerPage() {
  const t = useText(ledgerText)
  const act = useAct()
  const [conditions, setConditions] = useState<Conditions>({
    kind: '',
    subjectId: '',
    address: '',
    from: `${addDays(today(), -7)}T00:00`,
    until: '',
  })
  const [facts, setFacts] = useState<LedgerFact[] | null>(null)
  const [next, setNext] = useState<string | null>(null)
  const [opened, setOpened] = useState<LedgerFact | null>(null)
  const set = (name: keyof Conditions) => (value: string) => setConditions({ ...conditions, [name]: value })
  const misordered = conditions.from !== '' && conditions.until !== '' && conditions.from >= conditions.until
  const read = (after?: string) => {
    if (misordered) return
    const { kind, subjectId, address, from, until } = conditions
    void act.run(async () => {
      const page = await call('ledger.searchFacts', {
        limit: 50,
        ...(after && { after }),
        ...(kind.trim() && { kind: kind.trim() }),
        ...(subjectId.trim() && { subjectId: subjectId.trim() }),
        ...(address.trim() && { address: address.trim() }),
        ...(from && { from: fromWall(from) }),
        ...(until && { until: fromWall(until) }),
      })
      setFacts((before) => (after && before ? [...before, ...page.items] : page.items))
      setNext(page.next)
    })
  }
  return (
    <div className="page">
      <PageTitle title={t('title')} sentence={t('sentence')} />
      <div className="stack">
        <Sheet>
          <form
            className="fields"
            onSubmit={(event) => {
              event.preventDefault()
              read()
            }}
          >
            <TextField label={t('kind')} help={t('kindHint')} value={conditions.kind} onChange={set('kind')} />
            <TextField label={t('subjectId')} value={conditions.subjectId} onChange={set('subjectId')} />
            <TextField label={t('address')} value={conditions.address} onChange={set('address')} />
            <MinuteField label={t('from')} value={conditions.from} onChange={set('from')} error={misordered ? t('span') : undefined} />
            <MinuteField label={t('until')} value={conditions.until} onChange={set('until')} />
            <div className="beside-fields">
              <Button type="submit" kind="primary" busy={act.busy}>
                {t('search')}
              </Button>
            </div>
          </form>
        </Sheet>
        <Sheet flush>
          <ProblemAlert flat error={act.error} />
          {facts === null ? (
            act.busy ? (
              <Skeleton />
            ) : (
              <EmptyState title={t('first')}>{t('firstHelp')}</EmptyState>
            )
          ) : facts.length === 0 ? (
            <EmptyState title={t('none')}>{t('noneHelp')}</EmptyState>
          ) : (
            <div className="grid-scroll">
              <table className="grid">
                <thead>
                  <tr>
                    <th>{t('at')}</th>
                    <th>{t('actor')}</th>
                    <th>{t('kind')}</th>
                    <th>{t('subject')}</th>
                    <th>{t('address')}</th>
                    <th>{t('seal')}</th>
                    <th>{t('digest')}</th>
                  </tr>
                </thead>
                <tbody>
                  {facts.map((fact) => (
                    <tr
                      key={fact.id}
                      className="opens"
                      onClick={(event) => !(event.target as HTMLElement).closest('button') && setOpened(fact)}
                    >
                      <td className="nowrap">{recordTime(fact.at)}</td>
                      <td className="name">
                        {fact.actorKind === 'system' ? t('system') : fact.actorKind === 'anonymous' ? t('anonymous') : fact.actorName}
                      </td>
                      <td className="id">
                        <button type="button" className="link mono" onClick={() => setOpened(fact)}>
                          {fact.kind}
                        </button>
                      </td>
                      <td>
                        {fact.subjectType} <span className="mono note">{fact.subjectId.slice(0, 8)}</span>
                      </td>
                      <td className="mono">{fact.address || '—'}</td>
                      <td className="nowrap">{fact.batchNo === null ? t('unsealed') : t('sealed', { no: fact.batchNo })}</td>
                      <td className="nowrap">
                        <Evidence digest={fact.digest} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {next && (
            <div className="grid-foot">
              <Button busy={act.busy} onClick={() => read(next)}>
                {t('more')}
              </Button>
            </div>
          )}
        </Sheet>
      </div>
      {opened && <FactDialog fact={opened} onClose={() => setOpened(null)} />}
    </div>
  )
}
