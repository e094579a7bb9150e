import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Received } from '../../../shared/api.ts'
import { ask, call } from '../../../shared/call.ts'
import { useLanguage, useText } from '../../../shared/text.ts'
import { listTime } from '../../../shared/time.ts'
import {
  Button,
  Check,
  DecisionDialog,
  Facts,
  Loaded,
  PageTitle,
  SelectField,
  Sheet,
  Status,
  TextField,
  useAct,
} from '../../../shared/ui/index.ts'
import { adoptionText } from './adoptionText.ts'
import { adoptionStates, countsWord } from './adoptionWords.ts'

type View = Received<'adoption.adoption'>
type Thing = View['things'][number]
const keyOf = (one: Thing): string => `${one.connectionId} ${one.kind} ${one.externalId}`
const envs = ['PROD', 'TEST', 'DEV', 'DR'] as const

function Things({
  adoption,
  refused,
  refuse,
}: {
  adoption: View
  refused: Readonly<Record<string, string>>
  refuse: (key: string, why: string | null) => void
}) {
  const t = useText(adoptionText)
  const mayAnswer = adoption.may.includes('CONFIRM')
  return (
    <Sheet title={t('things', { count: adoption.things.length })} flush>
      <ul className="list">
        {adoption.things.map((one) => {
          const why = refused[keyOf(one)]
          return (
            <li key={keyOf(one)} className="row wrap apart">
              <div className="grow-line">
                <b>{one.name}</b> <span className="note">{t(`${one.kind}Kind`)}</span>
                <div className="second">
                  {one.size && `${one.size} · `}
                  <span className="mono break">{one.externalId}</span>
                </div>
                {one.refusal && <Status state="risk">{t('notOursWhy', { why: one.refusal })}</Status>}
                {mayAnswer && why !== undefined && (
                  <TextField label={t('why')} value={why} onChange={(text) => refuse(keyOf(one), text)} maxLength={200} />
                )}
              </div>
              {mayAnswer && (
                <Check checked={why !== undefined} onChange={(checked) => refuse(keyOf(one), checked ? '' : null)}>
                  {t('notOurs')}
                </Check>
              )}
              {one.itemId && <Status state="kept">{t('recorded')}</Status>}
            </li>
          )
        })}
      </ul>
    </Sheet>
  )
}

function Answer({ adoption }: { adoption: View }) {
  const t = useText(adoptionText)
  const act = useAct()
  const [doing, setDoing] = useState<'CONFIRM' | 'RETURN' | 'WITHDRAW' | null>(null)
  const [refused, setRefused] = useState<Record<string, string>>({})
  const [name, setName] = useState(adoption.name)
  const [env, setEnv] = useState(adoption.env)
  const [level, setLevel] = useState(String(adoption.mlpsLevel))
  const refuse = (key: string, why: string | null) =>
    setRefused((before) => {
      const { [key]: _, ...rest } = before
      return why === null ? rest : { ...rest, [key]: why }
    })
  const others = Object.keys(refused).length
  const isWhole = Object.values(refused).every((why) => why.trim() !== '')
  const mayConfirm = adoption.may.includes('CONFIRM')
  const id = { adoptionId: adoption.id }
  const confirm = () =>
    call('adoption.confirm', {
      ...id,
      name: name.trim(),
      env,
      mlpsLevel: Number(level),
      notOurs: adoption.things.flatMap((one) => {
        const why = refused[keyOf(one)]
        return why === undefined ? [] : [{ connectionId: one.connectionId, kind: one.kind, externalId: one.externalId, why: why.trim() }]
      }),
    }).then(() => act.run(async () => {}))
  return (
    <>
      <Sheet title={t('facts')} note={mayConfirm && t('correct')}>
        {mayConfirm && adoption.applicationId === null ? (
          <div className="fields">
            <TextField label={t('name')} value={name} onChange={setName} maxLength={100} />
            <SelectField
              label={t('env')}
              options={envs.map((one) => [one, t(one)] as const)}
              value={env}
              onChange={(next) => setEnv(envs.find((one) => one === next) ?? env)}
            />
            <SelectField label={t('level')} options={['1', '2', '3'].map((one) => [one, one] as const)} value={level} onChange={setLevel} />
          </div>
        ) : (
          <Facts
            items={[
              [t('bureau'), adoption.tenantName],
              [t('application'), `${adoption.name} (${adoption.code})`],
              [t('env'), t(adoption.env)],
              [t('level'), String(adoption.mlpsLevel)],
              adoption.admissionNo !== null && [t('admissionNo'), `${adoption.admissionNo} · ${t('admissionNote')}`],
              adoption.note !== '' && [t('note'), adoption.note],
              adoption.state === 'CONFIRMED' &&
                adoption.applicationId !== null && [
                  t('open'),
                  <Link key="open" to="/cloud/applications/$id" params={{ id: adoption.applicationId }}>
                    {t('openApplication')}
                  </Link>,
                ],
            ]}
          />
        )}
      </Sheet>
      <Things adoption={adoption} refused={refused} refuse={refuse} />
      {adoption.may.length > 0 && (
        <div className="row wrap">
          {mayConfirm && (
            <Button kind="primary" disabled={!isWhole} onClick={() => setDoing('CONFIRM')}>
              {t('confirm')}
            </Button>
          )}
          {adoption.may.includes('RETURN') && <Button onClick={() => setDoing('RETURN')}>{t('sendBack')}</Button>}
          {adoption.may.includes('WITHDRAW') && <Button onClick={() => setDoing('WITHDRAW')}>{t('withdraw')}</Button>}
          {!isWhole && <span className="note">{t('missing')}</span>}
        </div>
      )}
      {doing === 'CONFIRM' && (
        <DecisionDialog
          title={t('confirmTitle', { number: adoption.number })}
          verb={t('confirm')}
          act={confirm}
          onClose={() => setDoing(null)}
        >
          <p>{t('confirmNote', { ours: adoption.things.length - others, others })}</p>
        </DecisionDialog>
      )}
      {(doing === 'RETURN' || doing === 'WITHDRAW') && (
        <DecisionDialog
          title={t(doing === 'RETURN' ? 'sendBackTitle' : 'withdrawTitle', { number: adoption.number })}
          verb={t(doing === 'RETURN' ? 'sendBack' : 'withdraw')}
          reason={{ label: t('reason') }}
          act={(reason) =>
            call(doing === 'RETURN' ? 'adoption.sendBack' : 'adoption.withdraw', { ...id, reason }).then(() => act.run(async () => {}))
          }
          onClose={() => setDoing(null)}
        />
      )}
    </>
  )
}

/** One take-over: its bureau confirms, corrects, or says what is not theirs. */
export function AdoptionPage() {
  const t = useText(adoptionText)
  const lang = useLanguage()
  const { id = '' } = useParams({ strict: false })
  const query = useQuery(ask('adoption.adoption', { adoptionId: id }))
  const view = query.data
  return (
    <div className="page">
      <PageTitle
        title={view ? view.name : t('title')}
        mark={view && <Status state={adoptionStates[view.state]}>{t(view.state)}</Status>}
        sentence={
          view &&
          `${view.number} · ${countsWord(t, view.counts)} · ${t(`answer${view.state}`, {
            by: view.decidedBy ?? view.proposedBy,
            at: listTime(view.decidedAt ?? view.proposedAt, lang),
            reason: view.reason ?? '',
          })}`
        }
      />
      <div className="stack">
        <Loaded query={query}>{(adoption) => <Answer key={adoption.state} adoption={adoption} />}</Loaded>
      </div>
    </div>
  )
}
