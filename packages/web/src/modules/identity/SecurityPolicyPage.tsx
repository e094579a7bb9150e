import type { accessApi, PolicyValues } from '@changbai/contract/access.ts'
import type { ReplyReceived } from '@changbai/contract/endpoint.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { ProblemError } from '../../shared/problem.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, Loaded, LongField, PageTitle, ProblemAlert, Sheet, Status, TextField, useAct } from '../../shared/ui/index.ts'
import { accessText } from './accessText.ts'

type Policy = ReplyReceived<typeof accessApi.policy>
const fields = ['failuresToLock', 'lockMinutes', 'idleMinutes', 'passwordMinLength', 'passwordClasses', 'passwordDays'] as const
type Field = (typeof fields)[number]
const bounds = (policy: Policy, field: Field): [number, number] => [
  Math.min(policy.plan[field], policy.strictest[field]),
  Math.max(policy.plan[field], policy.strictest[field]),
]

function Figures({ policy, mayChange }: { policy: Policy; mayChange: boolean }) {
  const t = useText(accessText)
  const act = useAct()
  const [typed, setTyped] = useState<Partial<Record<Field, string>>>({})
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [said, setSaid] = useState<'saved' | 'nothingChanged' | null>(null)
  const wanted = (field: Field): number => Number(typed[field] ?? policy.inForce[field])
  const isOutside = (field: Field): boolean => {
    const [min, max] = bounds(policy, field)
    return !Number.isInteger(wanted(field)) || wanted(field) < min || wanted(field) > max
  }
  const changed = fields.filter((field) => wanted(field) !== policy.inForce[field])
  const withUnit = (field: Field, value: number) => `${value} ${t(`unit_${field}`)}`.trim()
  const save = () => {
    setTried(true)
    setSaid(null)
    if (changed.length === 0) return setSaid('nothingChanged')
    if (fields.some(isOutside) || reason.trim() === '') return
    void act.run(async () => {
      const values = Object.fromEntries(fields.map((field) => [field, wanted(field)])) as unknown as PolicyValues
      await call('access.setPolicy', { ...values, reason: reason.trim() })
      setTyped({})
      setReason('')
      setTried(false)
      setSaid('saved')
    })
  }
  return (
    <Sheet flush>
      <div className="grid-scroll">
        <table className="grid fit">
          <thead>
            <tr>
              <th>{t('figure')}</th>
              <th className="num">{t('planSays')}</th>
              <th className="num">{t('inForce')}</th>
              {mayChange && <th>{t('wanted')}</th>}
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => {
              const [min, max] = bounds(policy, field)
              return (
                <tr key={field}>
                  <td className="name">{t(field)}</td>
                  <td className="num">{withUnit(field, policy.plan[field])}</td>
                  <td className="num">{withUnit(field, policy.inForce[field])}</td>
                  {mayChange && (
                    <td>
                      <span className="figure-field">
                        <span className={`box narrow ${tried && isOutside(field) ? 'bad' : ''}`}>
                          <input
                            aria-label={t(field)}
                            inputMode="numeric"
                            value={typed[field] ?? String(policy.inForce[field])}
                            onChange={(event) => setTyped({ ...typed, [field]: event.target.value.trim() })}
                          />
                        </span>
                        <span className={tried && isOutside(field) ? 'note breach' : 'note'}>{t('between', { min, max })}</span>
                      </span>
                    </td>
                  )}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {mayChange ? (
        <div className="sheet-line stack">
          <LongField
            label={t('reason')}
            rows={2}
            maxLength={500}
            value={reason}
            onChange={setReason}
            error={tried && changed.length > 0 && reason.trim() === '' ? t('needReason') : undefined}
          />
          <ProblemAlert error={act.error} />
          <div className="row">
            <Button kind="primary" busy={act.busy} onClick={save}>
              {t('save')}
            </Button>
            {said && (
              <span role="status">
                <Status state={said === 'saved' ? 'kept' : 'none'}>{t(said)}</Status>
              </span>
            )}
          </div>
        </div>
      ) : (
        <p className="note sheet-line">{t('onlySecurity')}</p>
      )}
    </Sheet>
  )
}

function Addresses({ policy, mayChange }: { policy: Policy; mayChange: boolean }) {
  const t = useText(accessText)
  const lang = useLanguage()
  const act = useAct()
  const [network, setNetwork] = useState('')
  const [note, setNote] = useState('')
  const fieldError = (path: string) =>
    act.error instanceof ProblemError ? act.error.errors.find((one) => one.path === path)?.message : undefined
  return (
    <Sheet flush title={t('addresses')}>
      {policy.addresses.length === 0 ? (
        <p className="second sheet-line">{t('addressesNone')}</p>
      ) : (
        <ul className="list">
          {policy.addresses.map((rule) => (
            <li key={rule.id} className="row wrap apart">
              <div className="grow-line">
                <b className="mono">{rule.network}</b>　{rule.note}
                <div className="note">{t('addedBy', { by: rule.addedBy, at: listTime(rule.addedAt, lang) })}</div>
              </div>
              {mayChange && (
                <Button size="small" busy={act.busy} onClick={() => void act.run(() => call('access.removeAddress', { ruleId: rule.id }))}>
                  {t('remove')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayChange && (
        <div className="sheet-line stack">
          <div className="fields">
            <TextField label={t('network')} help={t('networkHelp')} value={network} onChange={setNetwork} error={fieldError('network')} />
            <TextField label={t('note')} value={note} onChange={setNote} maxLength={200} error={fieldError('note')} />
          </div>
          <ProblemAlert error={act.error} />
          <div>
            <Button
              busy={act.busy}
              onClick={() =>
                void act.run(async () => {
                  await call('access.addAddress', { network: network.trim(), note })
                  setNetwork('')
                  setNote('')
                })
              }
            >
              {t('add')}
            </Button>
          </div>
        </div>
      )}
    </Sheet>
  )
}

function Changes({ policy }: { policy: Policy }) {
  const t = useText(accessText)
  const lang = useLanguage()
  return (
    <Sheet flush title={t('history')}>
      {policy.changes.length === 0 ? (
        <p className="second sheet-line">{t('historyNone')}</p>
      ) : (
        <ul className="list">
          {policy.changes.map((change, index) => {
            const before = policy.changes[index + 1]?.values ?? policy.plan
            return (
              <li key={change.changedAt}>
                <div className="note">{t('changeLine', { by: change.changedBy, at: listTime(change.changedAt, lang) })}</div>
                {fields
                  .filter((field) => change.values[field] !== before[field])
                  .map((field) => (
                    <div key={field} className="second">
                      {t(field)}　{before[field]} → {change.values[field]}
                    </div>
                  ))}
                <div>{change.reason}</div>
              </li>
            )
          })}
        </ul>
      )}
    </Sheet>
  )
}

export function SecurityPolicyPage() {
  const t = useText(accessText)
  const may = useMay()
  const mayChange = may('security.policy:U')
  const query = useQuery(ask('access.policy', {}))
  return (
    <div className="page">
      <PageTitle title={t('security')} sentence={t('securitySentence')} />
      <Loaded query={query}>
        {(policy) => (
          <div className="split">
            <Figures policy={policy} mayChange={mayChange} />
            <div className="stack">
              <Addresses policy={policy} mayChange={mayChange} />
              <Changes policy={policy} />
            </div>
          </div>
        )}
      </Loaded>
    </div>
  )
}
