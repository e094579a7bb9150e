import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { Button, DecisionDialog, ProblemAlert, QrPicture, Sheet, StatusGlyph, TextField, useAct } from '../../shared/ui/index.ts'
import { identityText } from './identityText.ts'

/** Shown once; the person says that they are written down. */
function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const t = useText(identityText)
  return (
    <div className="stack tight">
      <h3 className="strong">{t('recovery')}</h3>
      <p className="second">{t('recoveryHelp')}</p>
      <ul className="codes mono">
        {codes.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <div>
        <Button onClick={onKept}>{t('kept')}</Button>
      </div>
    </div>
  )
}

function Enrol({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const t = useText(identityText)
  const act = useAct()
  const [password, setPassword] = useState('')
  const [secret, setSecret] = useState<{ uri: string; secret: string } | null>(null)
  const [code, setCode] = useState('')
  if (!secret)
    return (
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void act.run(async () => setSecret(await call('identity.enrolSecondFactor', { password })))
        }}
      >
        <p className="second">{t('enrolNote')}</p>
        <div className="fields">
          <TextField label={t('current')} type="password" autoComplete="current-password" value={password} onChange={setPassword} />
        </div>
        <ProblemAlert error={act.error} />
        <div>
          <Button type="submit" busy={act.busy}>
            {t('enrol')}
          </Button>
        </div>
      </form>
    )
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void act.run(async () => onCodes((await call('identity.confirmSecondFactor', { code })).recoveryCodes))
      }}
    >
      <p className="second">{t('scan')}</p>
      <QrPicture text={secret.uri} />
      <TextField label={t('secret')} help={t('secretHelp')} readOnly value={secret.secret} />
      <div className="fields">
        <TextField label={t('code6')} inputMode="numeric" autoComplete="one-time-code" maxLength={6} value={code} onChange={setCode} />
      </div>
      <ProblemAlert error={act.error} />
      <div>
        <Button type="submit" kind="primary" busy={act.busy}>
          {t('confirm')}
        </Button>
      </div>
    </form>
  )
}

/** Both factors are asked for again: an unattended screen is not enough to weaken an account. */
function BothFactors({ kind, onCodes, onClose }: { kind: 'renew' | 'off'; onCodes: (codes: string[]) => void; onClose: () => void }) {
  const t = useText(identityText)
  const refresh = useAct()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const renews = kind === 'renew'
  return (
    <DecisionDialog
      danger={!renews}
      title={t(renews ? 'renewCodes' : 'turnOff')}
      verb={t(renews ? 'renewCodes' : 'turnOff')}
      act={async () => {
        if (renews) onCodes((await call('identity.renewRecoveryCodes', { password, code })).recoveryCodes)
        else await call('identity.disableSecondFactor', { password, code })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      <p>{t(renews ? 'renewNote' : 'turnOffNote')}</p>
      <TextField label={t('current')} type="password" autoComplete="current-password" value={password} onChange={setPassword} />
      <TextField label={t('codeOrRecovery')} autoComplete="one-time-code" maxLength={20} value={code} onChange={setCode} />
    </DecisionDialog>
  )
}

export function SecondFactor({ on }: { on: boolean }) {
  const t = useText(identityText)
  const [codes, setCodes] = useState<string[] | null>(null)
  const [doing, setDoing] = useState<'renew' | 'off' | null>(null)
  return (
    <Sheet title={t('secondFactor')}>
      <div className="stack">
        <p>
          <StatusGlyph state={on ? 'kept' : 'todo'} /> {on ? t('secondFactorOn') : t('secondFactorOff')}
        </p>
        {codes ? (
          <RecoveryCodes codes={codes} onKept={() => setCodes(null)} />
        ) : on ? (
          <div className="row wrap">
            <Button onClick={() => setDoing('renew')}>{t('renewCodes')}</Button>
            <Button onClick={() => setDoing('off')}>{t('turnOff')}</Button>
          </div>
        ) : (
          <Enrol onCodes={setCodes} />
        )}
      </div>
      {doing && <BothFactors kind={doing} onCodes={setCodes} onClose={() => setDoing(null)} />}
    </Sheet>
  )
}
