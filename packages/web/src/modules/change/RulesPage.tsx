import { attrsOf, type ChangedAttr, type ChangedKind } from '@changbai/contract/change.shapes.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay, useSession } from '../../shared/session.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { fromWall, listTime } from '../../shared/time.ts'
import {
  Button,
  Check,
  DecisionDialog,
  Loaded,
  LongField,
  MinuteField,
  PageTitle,
  ProblemAlert,
  SelectField,
  Sheet,
  type State,
  Status,
  TextField,
  useAct,
} from '../../shared/ui/index.ts'
import { changeText } from './changeText.ts'
import { attrKey, kindKey } from './words.ts'

const STATES: Record<'PROPOSED' | 'ACTIVE' | 'REJECTED' | 'LIFTED' | 'RETIRED', State> = {
  PROPOSED: 'risk',
  ACTIVE: 'kept',
  REJECTED: 'none',
  LIFTED: 'none',
  RETIRED: 'none',
}

/** Freezes and the catalogue: proposed by one, decided by another. */
export function ChangeRulesPage() {
  const say = useText(changeText)
  return (
    <div className="page">
      <PageTitle title={say('rules')} />
      <div className="stack">
        <Freezes />
        <Catalogue />
      </div>
    </div>
  )
}

function Freezes() {
  const say = useText(changeText)
  const lang = useLanguage()
  const may = useMay()
  const me = useSession()?.person.id
  const act = useAct()
  const query = useQuery(ask('change.freezes', {}))
  const [proposing, setProposing] = useState(false)
  const decide = (freezeId: string, decision: 'APPROVE' | 'REJECT' | 'LIFT') =>
    void act.run(() => call('change.decideFreeze', { freezeId, decision }))
  return (
    <Sheet
      flush
      title={say('freezes')}
      acts={
        may('change.rules:C') && (
          <Button size="small" onClick={() => setProposing(true)}>
            {say('proposeFreeze')}
          </Button>
        )
      }
    >
      <ProblemAlert error={act.error} />
      <Loaded query={query} rows={2}>
        {({ items }) => (
          <ul className="list">
            {items.length === 0 && <li className="second">{say('noFreezes')}</li>}
            {items.map((one) => (
              <li key={one.id} className="row wrap apart">
                <span className="grow">
                  {one.name} <span className="second">{one.reason}</span>
                  <br />
                  <span className="second">
                    {listTime(one.from, lang)} – {listTime(one.to, lang)} · {say('proposedBy', { by: one.proposedBy })}
                    {one.decidedBy && ` · ${say('decidedBy', { by: one.decidedBy })}`}
                  </span>
                </span>
                <Status state={STATES[one.state]}>{say(one.state)}</Status>
                {may('change.rules:A') && one.state === 'PROPOSED' && one.proposedById !== me && (
                  <span className="row">
                    <Button size="small" kind="primary" busy={act.busy} onClick={() => decide(one.id, 'APPROVE')}>
                      {say('approve')}
                    </Button>
                    <Button size="small" busy={act.busy} onClick={() => decide(one.id, 'REJECT')}>
                      {say('refuse')}
                    </Button>
                  </span>
                )}
                {may('change.rules:A') && one.state === 'ACTIVE' && (
                  <Button size="small" busy={act.busy} onClick={() => decide(one.id, 'LIFT')}>
                    {say('lift')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {proposing && <ProposeFreeze onClose={() => setProposing(false)} />}
    </Sheet>
  )
}

function ProposeFreeze({ onClose }: { onClose: () => void }) {
  const say = useText(changeText)
  const act = useAct()
  const [name, setName] = useState('')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  return (
    <DecisionDialog
      title={say('proposeFreeze')}
      verb={say('proposeFreeze')}
      reason={{ label: say('why') }}
      ready={name.trim() !== '' && from !== '' && to !== ''}
      act={(reason) => act.runOrThrow(() => call('change.proposeFreeze', { name, reason, from: fromWall(from), to: fromWall(to) }))}
      onClose={onClose}
    >
      <TextField label={say('name')} value={name} onChange={setName} maxLength={100} />
      <MinuteField label={say('windowFrom')} value={from} onChange={setFrom} />
      <MinuteField label={say('windowTo')} value={to} onChange={setTo} />
    </DecisionDialog>
  )
}

function Catalogue() {
  const say = useText(changeText)
  const may = useMay()
  const me = useSession()?.person.id
  const act = useAct()
  const query = useQuery(ask('change.catalogue', {}))
  const [proposing, setProposing] = useState(false)
  const decide = (standardId: string, approve: boolean) => void act.run(() => call('change.decideStandard', { standardId, approve }))
  return (
    <Sheet
      flush
      title={say('catalogue')}
      note={<span className="second">{say('catalogueNote')}</span>}
      acts={
        may('change.rules:C') && (
          <Button size="small" onClick={() => setProposing(true)}>
            {say('newVersion')}
          </Button>
        )
      }
    >
      <ProblemAlert error={act.error} />
      <Loaded query={query} rows={4}>
        {({ items }) => (
          <ul className="list">
            {items.map((one) => (
              <li key={one.id} className="row wrap apart">
                <span className="grow">
                  {pick(one.name)} <code>{`${one.key} v${one.version}`}</code>
                  <br />
                  <span className="second">
                    {say(kindKey(one.ciKind))} · {say(attrKey(one.attr))}
                    {one.maxDays !== null && ` · ${say('maxDays', { n: one.maxDays })}`}
                    {one.downtime && ` · ${say('downtime')}`} · {say('proposedBy', { by: one.proposedBy })}
                  </span>
                </span>
                <Status state={STATES[one.state]}>{say(one.state)}</Status>
                {may('change.rules:A') && one.state === 'PROPOSED' && one.proposedById !== me && (
                  <span className="row">
                    <Button size="small" kind="primary" busy={act.busy} onClick={() => decide(one.id, true)}>
                      {say('approve')}
                    </Button>
                    <Button size="small" busy={act.busy} onClick={() => decide(one.id, false)}>
                      {say('refuse')}
                    </Button>
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {proposing && <ProposeStandard onClose={() => setProposing(false)} />}
    </Sheet>
  )
}

const KINDS = ['server', 'volume', 'network', 'application'] as const
function ProposeStandard({ onClose }: { onClose: () => void }) {
  const say = useText(changeText)
  const act = useAct()
  const [key, setKey] = useState('')
  const [zh, setZh] = useState('')
  const [en, setEn] = useState('')
  const [ciKind, setKind] = useState<ChangedKind>('server')
  const [attr, setAttr] = useState<ChangedAttr>('snapshot')
  const [downtime, setDowntime] = useState(false)
  const [action, setAction] = useState('')
  const [rollbackPlan, setRollback] = useState('')
  const [verifyPlan, setVerify] = useState('')
  return (
    <DecisionDialog
      wide
      title={say('newVersion')}
      verb={say('newVersion')}
      ready={[key, zh, en, action, rollbackPlan, verifyPlan].every((text) => text.trim() !== '')}
      act={() =>
        act.runOrThrow(() =>
          call('change.proposeStandard', {
            key,
            name: { zh, en },
            ciKind,
            attr,
            downtime,
            steps: [{ action, owner: say('DRIVER'), minutes: 10 }],
            rollbackPlan,
            verifyPlan,
          }),
        )
      }
      onClose={onClose}
    >
      <TextField label={say('key')} value={key} onChange={setKey} maxLength={60} />
      <TextField label={say('nameZh')} value={zh} onChange={setZh} maxLength={60} />
      <TextField label={say('nameEn')} value={en} onChange={setEn} maxLength={80} />
      <SelectField
        label={say('kind')}
        value={ciKind}
        options={KINDS.map((one) => [one, say(kindKey(one))] as const)}
        onChange={(kind) => {
          setKind(kind as ChangedKind)
          setAttr(attrsOf[kind as ChangedKind][0] as ChangedAttr)
        }}
      />
      <SelectField
        label={say('attr')}
        value={attr}
        options={attrsOf[ciKind].map((one) => [one, say(attrKey(one))] as const)}
        onChange={(one) => setAttr(one as ChangedAttr)}
      />
      <Check checked={downtime} onChange={setDowntime}>
        {say('downtime')}
      </Check>
      <TextField label={say('action')} value={action} onChange={setAction} maxLength={500} />
      <LongField label={say('rollbackPlan')} value={rollbackPlan} onChange={setRollback} maxLength={2000} />
      <LongField label={say('verifyPlan')} value={verifyPlan} onChange={setVerify} maxLength={2000} />
    </DecisionDialog>
  )
}
