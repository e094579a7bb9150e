import type { BoardWeek } from '@changbai/contract/document.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { usePhone } from '../../shared/clock.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, DecisionDialog, Loaded, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { documentText } from './documentText.ts'

/** The last twelve weeks, the running one first. */
export function Board() {
  const t = useText(documentText)
  const phone = usePhone()
  const act = useAct()
  const query = useQuery(ask('document.board', { weeks: 12 }))
  const [signing, setSigning] = useState<BoardWeek | null>(null)
  return (
    <Sheet flush title={t('board')} note={<span className="note">{t('boardNote')}</span>}>
      <Loaded query={query} rows={6}>
        {({ items, maySign }) => {
          // the rhythm begins with the first signature; weeks before it owed nothing
          const begun = (back: number) => items.slice(back + 1).some(({ signedAt }) => signedAt)
          const verb = (one: BoardWeek) =>
            maySign &&
            !one.signedAt && (
              <Button size="small" onClick={() => setSigning(one)}>
                {t('sign')}
              </Button>
            )
          return phone ? (
            <ul className="list">
              {items.map((one, back) => (
                <li key={one.week}>
                  <div className="row wrap apart">
                    <b className="mono">{one.week}</b>
                    <Signature one={one} running={back === 0} begun={begun(back)} />
                    {verb(one)}
                  </div>
                  <p className="second">
                    {[
                      `${t('incidentsOpened')} ${one.figures.incidentsOpened}`,
                      `${t('incidentsOpen')} ${one.figures.incidentsOpen}`,
                      `${t('lines')} ${one.figures.linesMet}/${one.figures.linesDue}`,
                      `${t('linesOverdue')} ${one.figures.linesOverdue}`,
                      `${t('rounds')} ${one.figures.roundsValid}/${one.figures.rounds}`,
                      `${t('calls')} ${one.figures.calls}`,
                      `${t('coordinationOverdue')} ${one.figures.coordinationOverdue}`,
                    ].join(' · ')}
                  </p>
                  {one.remarks && <p className="note">{one.remarks}</p>}
                </li>
              ))}
            </ul>
          ) : (
            <div className="grid-scroll">
              <table className="grid">
                <thead>
                  <tr>
                    <th>{t('week')}</th>
                    <th className="num">{t('incidentsOpened')}</th>
                    <th className="num">{t('incidentsOpen')}</th>
                    <th className="num" title={t('linesHelp')}>
                      {t('lines')}
                    </th>
                    <th className="num">{t('linesOverdue')}</th>
                    <th className="num" title={t('roundsHelp')}>
                      {t('rounds')}
                    </th>
                    <th className="num">{t('calls')}</th>
                    <th className="num">{t('coordinationOverdue')}</th>
                    <th>{t('signature')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((one, back) => (
                    <tr key={one.week}>
                      <td className="id">{one.week}</td>
                      <td className="num">{one.figures.incidentsOpened}</td>
                      <td className="num">{one.figures.incidentsOpen}</td>
                      <td className="num">{`${one.figures.linesMet} / ${one.figures.linesDue}`}</td>
                      <td className="num">{one.figures.linesOverdue}</td>
                      <td className="num">{`${one.figures.roundsValid} / ${one.figures.rounds}`}</td>
                      <td className="num">{one.figures.calls}</td>
                      <td className="num">{one.figures.coordinationOverdue}</td>
                      <td>
                        <span className="row wrap">
                          <Signature one={one} running={back === 0} begun={begun(back)} />
                          {verb(one)}
                        </span>
                        {one.remarks && <div className="note">{one.remarks}</div>}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }}
      </Loaded>
      {signing && (
        <DecisionDialog
          title={t('signTitle', { week: signing.week })}
          verb={t('sign')}
          reason={{ label: t('remarks'), optional: true }}
          act={(remarks) => act.runOrThrow(() => call('document.signBoard', { week: signing.week, remarks }))}
          onClose={() => setSigning(null)}
        />
      )}
    </Sheet>
  )
}

/** A running week can still be signed in time; one that is over without a signature was not. */
function Signature({ one, running, begun }: { one: BoardWeek; running: boolean; begun: boolean }) {
  const t = useText(documentText)
  const lang = useLanguage()
  if (one.signedAt) return <Status state="kept">{t('signedBy', { name: one.signedByName ?? '', at: listTime(one.signedAt, lang) })}</Status>
  return <Status state={running ? 'todo' : begun ? 'breach' : 'none'}>{t(running ? 'thisWeekUnsigned' : 'unsigned')}</Status>
}
