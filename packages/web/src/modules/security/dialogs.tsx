import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { today } from '../../shared/time.ts'
import { DayField, DecisionDialog, SelectField, TextField, useAct } from '../../shared/ui/index.ts'
import { limitWord } from './limit.ts'
import { securityText } from './securityText.ts'

const APPLICATIONS_SHOWN = 200

/** Applications of the person's own, to choose from. */
function ApplicationField({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const say = useText(securityText)
  const query = useQuery(ask('inventory.listApplications', { limit: APPLICATIONS_SHOWN }))
  return (
    <SelectField
      label={say('application')}
      value={value}
      empty="—"
      options={(query.data?.items ?? []).map((one) => [one.id, one.name] as const)}
      onChange={onChange}
    />
  )
}

/** Asks for one service of one application. */
export function OrderDialog({
  wanted,
  onClose,
}: {
  wanted: { applicationId: string; applicationName: string; code: string }
  onClose: () => void
}) {
  const say = useText(securityText)
  const lang = useLanguage()
  const navigate = useNavigate()
  const { runOrThrow } = useAct()
  const [applicationId, setApplicationId] = useState(wanted.applicationId)
  const [code, setCode] = useState(wanted.code)
  const catalogue = useQuery(ask('security.catalogue', {}))
  const items = catalogue.data?.items ?? []
  const item = items.find((one) => one.code === code)
  return (
    <DecisionDialog
      title={wanted.applicationName ? `${say('order')} · ${wanted.applicationName}` : say('order')}
      verb={say('orderVerb')}
      ready={applicationId !== '' && item !== undefined}
      reason={{ label: say('reason'), optional: true }}
      act={(reason) =>
        runOrThrow(async () => {
          if (!item) return
          const made = await call('security.order', { applicationId, code: item.code, reason })
          await navigate({ to: `/cloud/security/orders/${made.id}` as string })
        })
      }
      onClose={onClose}
    >
      <div className="stack tight">
        {!wanted.applicationId && <ApplicationField value={applicationId} onChange={setApplicationId} />}
        <SelectField
          label={say('service')}
          value={code}
          empty="—"
          options={items.map((one) => [one.code, say(one.code)] as const)}
          onChange={setCode}
          help={item && say('limitNote', { help: pick(item.help, lang), limit: limitWord(item.limit, lang), months: item.months })}
        />
      </div>
    </DecisionDialog>
  )
}

/** Enters a service that was there before this register. */
export function RecordDialog({ onClose }: { onClose: () => void }) {
  const say = useText(securityText)
  const { runOrThrow } = useAct()
  const catalogue = useQuery(ask('security.catalogue', {}))
  const [held, setHeld] = useState({ applicationId: '', code: '', product: '', ownerName: '', scope: '', beginsOn: today(), expiresOn: '' })
  const set = (key: keyof typeof held) => (value: string) => setHeld((now) => ({ ...now, [key]: value }))
  const item = catalogue.data?.items.find((one) => one.code === held.code)
  const { code: _, ...rest } = held
  return (
    <DecisionDialog
      title={say('record')}
      verb={say('recordVerb')}
      ready={held.applicationId !== '' && item !== undefined && held.product !== '' && held.ownerName !== '' && held.expiresOn !== ''}
      act={() => runOrThrow(async () => item && call('security.record', { ...rest, code: item.code }))}
      onClose={onClose}
    >
      <div className="stack tight">
        <ApplicationField value={held.applicationId} onChange={set('applicationId')} />
        <SelectField
          label={say('service')}
          value={held.code}
          empty="—"
          options={(catalogue.data?.items ?? []).map((one) => [one.code, say(one.code)] as const)}
          onChange={set('code')}
        />
        <DeliveryFields value={held} set={set} />
        <DayField label={say('beginsOn')} value={held.beginsOn} onChange={set('beginsOn')} />
      </div>
    </DecisionDialog>
  )
}

type Delivery = Record<'product' | 'ownerName' | 'scope' | 'expiresOn', string>
/** What was made, who answers for it, what it covers, how long it lasts. */
export function DeliveryFields({ value, set }: { value: Delivery; set: (key: keyof Delivery) => (value: string) => void }) {
  const say = useText(securityText)
  return (
    <>
      <TextField label={say('product')} value={value.product} maxLength={120} onChange={set('product')} />
      <TextField label={say('owner')} value={value.ownerName} maxLength={60} onChange={set('ownerName')} />
      <TextField label={say('scope')} help={say('scopeHelp')} optional value={value.scope} maxLength={500} onChange={set('scope')} />
      <DayField label={say('expiresOn')} value={value.expiresOn} onChange={set('expiresOn')} />
    </>
  )
}
