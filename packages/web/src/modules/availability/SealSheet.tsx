import type { ApplicationAvailability } from '@changbai/contract/availability.shapes.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime, today } from '../../shared/time.ts'
import { Button, DecisionDialog, Evidence, Sheet, Status, StatusGlyph, useAct } from '../../shared/ui/index.ts'
import { availabilityText } from './availabilityText.ts'
import { lasting, monthName } from './format.ts'

type Seal = ApplicationAvailability['seals'][number]
const PARTIES = ['CUSTOMER', 'THIRD_PARTY'] as const
type Asked = { kind: 'confirm' | 'object'; seal: Seal } | { kind: 'seal'; month: string }

/** The months that are sealed and who has answered; the reader's own answer is the one act. */
export function SealSheet({ data, year }: { data: ApplicationAvailability; year: number }) {
  const t = useText(availabilityText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [asked, setAsked] = useState<Asked | null>(null)
  const seals = data.seals.filter(({ current }) => current)
  const { applicationId } = data
  const own = may('outage.attribute:A') ? 'CUSTOMER' : 'THIRD_PARTY'
  const waiting = seals.find(({ confirmations }) => !confirmations.some(({ party }) => party === own))
  const shown = waiting ?? seals[0]
  const next = nextMonth(data, year)
  return (
    <Sheet
      title={shown ? t('measureConfirm', { month: monthName(shown.month, lang) }) : t('months')}
      acts={shown && <Evidence digest={shown.head} algorithm="SHA-256" />}
    >
      <div className="stack">
        {!shown && <p className="second">{t('noSeals')}</p>}
        {shown && (
          <div className="stack tight">
            {PARTIES.map((party) => {
              const answer = shown.confirmations.find((one) => one.party === party)
              return (
                <div key={party} className="row apart">
                  <Status state={!answer ? 'todo' : answer.result === 'CONFIRMED' ? 'kept' : 'breach'}>
                    {t(party)} {answer?.by} {t(!answer ? 'waits' : answer.result === 'CONFIRMED' ? 'confirmed' : 'objected')}
                  </Status>
                  <span className="note">{answer && listTime(answer.at, lang)}</span>
                </div>
              )
            })}
            {shown.old && (
              <p className="second risk">
                {t('amended', { old: lasting(shown.old.countedMs, lang), now: lasting(shown.figures.countedMs, lang) })}
              </p>
            )}
            {may('availability.confirm:A') && waiting && (
              <div className="row wrap">
                <Button kind="primary" onClick={() => setAsked({ kind: 'confirm', seal: waiting })}>
                  {t('confirm', { month: monthName(waiting.month, lang) })}
                </Button>
                <Button onClick={() => setAsked({ kind: 'object', seal: waiting })}>{t('object')}</Button>
              </div>
            )}
          </div>
        )}
        {may('availability.confirm:C') && next && (
          <div>
            <Button onClick={() => setAsked({ kind: 'seal', month: next })}>{t('seal', { month: monthName(next, lang) })}</Button>
          </div>
        )}
        {seals.length > 0 && (
          <div className="grid-scroll">
            <table className="grid dense seals">
              <thead>
                <tr>
                  <th>{t('months')}</th>
                  <th className="num">{t('counted')}</th>
                  <th>{t('digest')}</th>
                  <th>{t('customerShort')}</th>
                  <th>{t('thirdShort')}</th>
                </tr>
              </thead>
              <tbody>
                {seals.map((seal) => (
                  <tr key={seal.seq}>
                    <td className="nowrap">{monthName(seal.month, lang)}</td>
                    <td className="num nowrap">{lasting(seal.figures.countedMs, lang)}</td>
                    <td>
                      <Evidence digest={seal.head} />
                    </td>
                    {PARTIES.map((party) => {
                      const answer = seal.confirmations.find((one) => one.party === party)
                      const state = !answer ? 'todo' : answer.result === 'CONFIRMED' ? 'kept' : 'breach'
                      return (
                        <td key={party}>
                          <StatusGlyph
                            state={state}
                            label={t(!answer ? 'waits' : answer.result === 'CONFIRMED' ? 'confirmed' : 'objected')}
                          />
                        </td>
                      )
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
      {asked?.kind === 'seal' && (
        <DecisionDialog
          title={t('sealTitle', { month: asked.month })}
          verb={t('seal', { month: monthName(asked.month, lang) })}
          reason={{ label: t('comment'), help: t('sealHelp'), optional: true }}
          act={(reason) => act.runOrThrow(() => call('availability.seal', { applicationId, month: asked.month, reason }))}
          onClose={() => setAsked(null)}
        />
      )}
      {asked && asked.kind !== 'seal' && (
        <DecisionDialog
          title={t(asked.kind === 'confirm' ? 'confirmTitle' : 'objectTitle', { month: asked.seal.month })}
          verb={asked.kind === 'confirm' ? t('confirm', { month: monthName(asked.seal.month, lang) }) : t('object')}
          danger={asked.kind === 'object'}
          reason={{
            label: t('comment'),
            help: t('confirmHelp', { counted: lasting(asked.seal.figures.countedMs, lang) }),
            optional: asked.kind === 'confirm',
          }}
          act={(comment) =>
            act.runOrThrow(() =>
              call('availability.confirm', {
                applicationId,
                month: asked.seal.month,
                seal: asked.seal.seq,
                result: asked.kind === 'confirm' ? 'CONFIRMED' : 'OBJECTED',
                comment,
              }),
            )
          }
          onClose={() => setAsked(null)}
        />
      )}
    </Sheet>
  )
}

/** The earliest month that is over, was measured and is not sealed. */
function nextMonth(data: ApplicationAvailability, year: number): string | null {
  const from = data.row.measuredFrom
  if (from === null) return null
  const first = new Date(Date.parse(from) + 8 * 3_600_000).toISOString().slice(0, 7)
  const sealed = new Set(data.seals.map(({ month }) => month))
  return (
    data.row.statement.months
      .map(({ month }) => month)
      .find((month) => month >= first && month.startsWith(String(year)) && month < today().slice(0, 7) && !sealed.has(month)) ?? null
  )
}
