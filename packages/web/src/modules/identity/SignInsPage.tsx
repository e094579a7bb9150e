import type { accessApi } from '@changbai/contract/access.ts'
import type { ReplyReceived } from '@changbai/contract/endpoint.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, ButtonLink, DecisionDialog, Loaded, PageTitle, ProblemAlert, Sheet, Status, useAct } from '../../shared/ui/index.ts'
import { accessText } from './accessText.ts'

type SignIn = ReplyReceived<typeof accessApi.mySignIns>['items'][number]

/** Browser and system as people name them; null when the text tells neither. */
function browserName(agent: string): string | null {
  const browser = /(Edg|Firefox|Chrome|Safari)\/(\d+)/.exec(agent.replace(/Chrome\/\S+ (?=.*Edg\/)/, ''))
  const system = /Windows NT|Mac OS X|Android|iPhone|Linux|HarmonyOS/.exec(agent)
  const names: Record<string, string> = { Edg: 'Edge', 'Windows NT': 'Windows', 'Mac OS X': 'macOS' }
  const words = [browser && `${names[browser[1] ?? ''] ?? browser[1]} ${browser[2]}`, system && (names[system[0]] ?? system[0])]
  return words.filter(Boolean).join(' · ') || null
}

function Line({ row, named, end }: { row: SignIn; named: boolean; end: (() => void) | null }) {
  const t = useText(accessText)
  const lang = useLanguage()
  return (
    <li className="row wrap apart">
      <div className="grow-line">
        <b>{named ? row.personName : (browserName(row.browser) ?? t('unknownBrowser'))}</b>
        {named && <span className="ink2">　{browserName(row.browser) ?? t('unknownBrowser')}</span>}
        <div className="second">
          {t('fromAddress', { address: row.address, started: listTime(row.startedAt, lang), seen: listTime(row.seenAt, lang) })}
        </div>
      </div>
      {row.current ? (
        <Status state="running">{t('thisOne')}</Status>
      ) : (
        end && (
          <Button size="small" onClick={end}>
            {t('end')}
          </Button>
        )
      )}
    </li>
  )
}

export function SignInsPage() {
  const t = useText(accessText)
  const may = useMay()
  const act = useAct()
  const [ended, setEnded] = useState<number | null>(null)
  const [ending, setEnding] = useState<SignIn | null>(null)
  const seesAll = may('iam.session:R')
  const mine = useQuery(ask('access.mySignIns', {}))
  const all = useQuery({ ...ask('access.signIns', {}), enabled: seesAll })
  const others = (mine.data?.items ?? []).filter((row) => !row.current).length
  const endOne = (sessionId: string) => call('access.endSignIn', { sessionId })
  return (
    <div className="page">
      <PageTitle
        title={t('signIns')}
        sentence={t('signInsSentence')}
        acts={
          <>
            <ButtonLink to="/settings/account">{t('changePassword')}</ButtonLink>
            {others > 0 && (
              <Button
                kind="primary"
                busy={act.busy}
                onClick={() => void act.run(async () => setEnded((await call('access.endOtherSignIns', {})).ended))}
              >
                {t('endOthers')}
              </Button>
            )}
          </>
        }
      />
      <div className="stack">
        <ProblemAlert error={act.error} />
        {ended !== null && (
          <p role="status">
            <Status state="kept">{t('endedOthers', { count: ended })}</Status>
          </p>
        )}
        <Sheet flush title={t('mySignIns')}>
          <Loaded query={mine} rows={2}>
            {({ items }) => (
              <ul className="list">
                {items.map((row) => (
                  <Line key={row.id} row={row} named={false} end={() => void act.run(() => endOne(row.id))} />
                ))}
              </ul>
            )}
          </Loaded>
        </Sheet>
        {seesAll && (
          <Sheet flush title={t('allSignIns')} note={all.data && t('allSignInsNote', { count: all.data.items.length })}>
            <Loaded query={all}>
              {({ items }) => (
                <ul className="list">
                  {items.map((row) => (
                    <Line key={row.id} row={row} named end={may('iam.session:X') ? () => setEnding(row) : null} />
                  ))}
                </ul>
              )}
            </Loaded>
          </Sheet>
        )}
      </div>
      {ending && (
        <DecisionDialog
          danger
          title={t('endTitle', { name: ending.personName })}
          verb={t('end')}
          act={() => endOne(ending.id).then(() => act.run(async () => {}))}
          onClose={() => setEnding(null)}
        >
          <p>{t('endNote')}</p>
        </DecisionDialog>
      )}
    </div>
  )
}
