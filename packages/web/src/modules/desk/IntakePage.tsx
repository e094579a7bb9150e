import type { Intake } from '@changbai/contract/desk-intake.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import {
  Button,
  Check,
  DecisionDialog,
  Dialog,
  Loaded,
  PageTitle,
  ProblemAlert,
  Sheet,
  type State,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { deskText } from './deskText.ts'

const states: Record<Intake['state'], State> = { PENDING: 'todo', ACTIVE: 'kept', RETIRED: 'none' }

/** Where the telephone system and the desk's mailbox come in: one proposes, another approves. */
export function IntakePage() {
  const say = useText(deskText)
  const lang = useLanguage()
  const may = useMay()
  const query = useQuery({ ...ask('intake.list', {}), refetchInterval: 30_000 })
  const { busy, error, run } = useAct()
  const [asking, setAsking] = useState<'TELEPHONE' | 'MAILBOX' | null>(null)
  const [token, setToken] = useState<string | null>(null)
  const decide = (intakeId: string, approve: boolean) => void run(() => call('intake.decide', { intakeId, approve }))
  return (
    <div className="page">
      <PageTitle
        title={say('intake')}
        sentence={say('intakeSentence')}
        acts={
          may('settings.intake:C') && (
            <>
              <Button onClick={() => setAsking('TELEPHONE')}>{say('addTelephone')}</Button>
              <Button onClick={() => setAsking('MAILBOX')}>{say('addMailbox')}</Button>
            </>
          )
        }
      />
      <ProblemAlert error={error} />
      <Sheet flush>
        <Loaded query={query} rows={3}>
          {({ items }) => (
            <ul className="list">
              {items.length === 0 && <li className="second">{say('noIntake')}</li>}
              {items.map((one) => (
                <li key={one.id} className="row wrap apart">
                  <span className="grow">
                    {one.name} <span className="second">{say(one.kind)}</span>{' '}
                    {one.settings && (
                      <code>
                        {one.settings.user}@{one.settings.host}:{one.settings.port}/{one.settings.folder}
                      </code>
                    )}
                    <br />
                    <span className="second">
                      {one.proposedByName} {listTime(one.proposedAt, lang)}
                      {one.lastOkAt && ` · ${say('lastOk', { at: listTime(one.lastOkAt, lang) })}`}
                    </span>
                    {one.lastError && (
                      <>
                        {' '}
                        <Status state="breach">{one.lastError}</Status>
                      </>
                    )}
                  </span>
                  <Status state={states[one.state]}>{say(`INTAKE_${one.state}`)}</Status>
                  {may('settings.intake:A') && one.state !== 'RETIRED' && (
                    <span className="row">
                      {one.state === 'PENDING' && (
                        <Button size="small" kind="primary" busy={busy} onClick={() => decide(one.id, true)}>
                          {say('approve')}
                        </Button>
                      )}
                      <Button size="small" busy={busy} onClick={() => decide(one.id, false)}>
                        {say('retire')}
                      </Button>
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </Sheet>
      {asking === 'TELEPHONE' && <TelephoneDialog onClose={() => setAsking(null)} onToken={setToken} />}
      {asking === 'MAILBOX' && <MailboxDialog onClose={() => setAsking(null)} />}
      {token && (
        <Dialog title={say('tokenOnce')} onClose={() => setToken(null)}>
          <p>
            <code style={{ overflowWrap: 'anywhere' }}>{token}</code>
          </p>
          <p className="second">{say('tokenHelp')}</p>
        </Dialog>
      )}
    </div>
  )
}

function TelephoneDialog({ onClose, onToken }: { onClose: () => void; onToken: (token: string) => void }) {
  const say = useText(deskText)
  const { runOrThrow } = useAct()
  const [name, setName] = useState('')
  return (
    <DecisionDialog
      title={say('addTelephone')}
      verb={say('save')}
      ready={name !== ''}
      act={async () => onToken((await runOrThrow(() => call('intake.addTelephone', { name }))).token)}
      onClose={onClose}
    >
      <TextField label={say('intakeName')} value={name} onChange={setName} maxLength={60} />
    </DecisionDialog>
  )
}

function MailboxDialog({ onClose }: { onClose: () => void }) {
  const say = useText(deskText)
  const { runOrThrow } = useAct()
  const [words, setWords] = useState({ name: '', host: '', port: '993', user: '', password: '', folder: 'INBOX', address: '' })
  const [secure, setSecure] = useState(true)
  const set = (key: keyof typeof words) => (value: string) => setWords((held) => ({ ...held, [key]: value }))
  const { name, host, port, user, password, folder, address } = words
  const send = () =>
    runOrThrow(() => call('intake.addMailbox', { name, password, settings: { host, port: Number(port), secure, user, folder, address } }))
  return (
    <DecisionDialog title={say('addMailbox')} verb={say('save')} ready={Object.values(words).every(Boolean)} act={send} onClose={onClose}>
      <TextField label={say('intakeName')} value={name} onChange={set('name')} maxLength={60} />
      <div className="fields">
        <TextField label={say('host')} value={host} onChange={set('host')} maxLength={200} />
        <TextField label={say('port')} inputMode="decimal" value={port} onChange={set('port')} maxLength={5} />
        <TextField label={say('user')} value={user} onChange={set('user')} maxLength={200} autoComplete="off" />
        <TextField
          label={say('password')}
          type="password"
          value={password}
          onChange={set('password')}
          maxLength={500}
          autoComplete="new-password"
        />
        <TextField label={say('folder')} value={folder} onChange={set('folder')} maxLength={100} />
        <TextField
          label={say('address')}
          help={say('addressHelp')}
          type="email"
          value={address}
          onChange={set('address')}
          maxLength={200}
        />
      </div>
      <Check checked={secure} onChange={setSecure}>
        {say('secure')}
      </Check>
    </DecisionDialog>
  )
}
