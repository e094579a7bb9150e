import type { Session } from '@changbai/contract/identity.ts'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { roleName } from '../../shared/roles.ts'
import { useMay, useSession } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { addDays, fromWall, listTime, serverNow, today } from '../../shared/time.ts'
import {
  Button,
  DecisionDialog,
  EmptyState,
  Loaded,
  MinuteField,
  PageTitle,
  PersonField,
  ProblemAlert,
  SelectField,
  Sheet,
  Status,
  useAct,
} from '../../shared/ui/index.ts'
import { identityText } from './identityText.ts'

type Role = Session['grants'][number]['role']

function Delegate({ onClose }: { onClose: () => void }) {
  const t = useText(identityText)
  const lang = useLanguage()
  const refresh = useAct()
  const roles = [...new Set((useSession()?.grants ?? []).filter((grant) => !grant.onBehalfOf).map((grant) => grant.role))]
  const [toPersonId, setTo] = useState('')
  const [role, setRole] = useState<string>(roles[0] ?? '')
  const [from, setFrom] = useState(`${addDays(today(), 1)}T08:30`)
  const [until, setUntil] = useState(`${addDays(today(), 5)}T17:30`)
  return (
    <DecisionDialog
      title={t('delegate')}
      verb={t('delegate')}
      reason={{ label: t('reason') }}
      act={async (reason) => {
        await call('identity.delegate', { toPersonId, role: role as Role, fromAt: fromWall(from), untilAt: fromWall(until), reason })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      <PersonField label={t('to')} value={toPersonId} onChange={setTo} />
      <SelectField label={t('role')} options={roles.map((one) => [one, roleName(one, lang)] as const)} value={role} onChange={setRole} />
      <div className="fields">
        <MinuteField label={t('fromAt')} value={from} onChange={setFrom} />
        <MinuteField label={t('untilAt')} value={until} onChange={setUntil} />
      </div>
    </DecisionDialog>
  )
}

export function DelegationsPage() {
  const t = useText(identityText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [open, setOpen] = useState(false)
  const query = useQuery(ask('identity.delegations', {}))
  return (
    <div className="page">
      <PageTitle
        title={t('delegations')}
        sentence={t('delegationsSentence')}
        acts={
          may('iam.delegation:C') && (
            <Button kind="primary" icon={<Plus size={16} strokeWidth={1.6} />} onClick={() => setOpen(true)}>
              {t('delegate')}
            </Button>
          )
        }
      />
      <ProblemAlert error={act.error} />
      <Sheet flush>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={t('delegationsFirst')}>{t('delegationsFirstHelp')}</EmptyState>
            ) : (
              <ul className="list">
                {items.map((one) => {
                  const now = serverNow()
                  const over = one.endedAt !== null || Date.parse(one.untilAt) < now
                  const running = !over && Date.parse(one.fromAt) <= now
                  return (
                    <li key={one.id} className="row wrap apart">
                      <div className="grow">
                        <b>{roleName(one.role, lang)}</b>　{one.fromName} → {one.toName}
                        <div className="second">
                          {listTime(one.fromAt, lang)} – {listTime(one.untilAt, lang)} · {one.reason}
                        </div>
                      </div>
                      <Status state={over ? 'none' : running ? 'running' : 'todo'}>
                        {over ? t('ended') : running ? t('running') : t('upcoming')}
                      </Status>
                      {!over && may('iam.delegation:U') && (
                        <Button
                          size="small"
                          busy={act.busy}
                          onClick={() => void act.run(() => call('identity.endDelegation', { delegationId: one.id }))}
                        >
                          {t('endNow')}
                        </Button>
                      )}
                    </li>
                  )
                })}
              </ul>
            )
          }
        </Loaded>
      </Sheet>
      {open && <Delegate onClose={() => setOpen(false)} />}
    </div>
  )
}
