import type { PersonRow } from '@changbai/contract/identity.ts'
import { useState } from 'react'
import type { z } from 'zod'
import { call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { DecisionDialog, TextField, useAct } from '../../shared/ui/index.ts'
import { identityText } from './identityText.ts'

/** Where a person is reached from now on: the pager and notices follow at once. */
export function ChangeContact({ person, onClose }: { person: z.output<typeof PersonRow>; onClose: () => void }) {
  const t = useText(identityText)
  const act = useAct()
  const [unit, setUnit] = useState(person.unit ?? '')
  const [phone, setPhone] = useState(person.phone ?? '')
  const [email, setEmail] = useState(person.email ?? '')
  const send = () =>
    act.runOrThrow(() =>
      call('identity.changeContact', {
        personId: person.id,
        unit: unit.trim(),
        phone: phone.trim(),
        ...(email.trim() && { email: email.trim() }),
      }),
    )
  return (
    <DecisionDialog title={t('contactTitle', { name: person.name })} verb={t('saveContact')} act={send} onClose={onClose}>
      <p>{t('contactNote')}</p>
      <div className="stack">
        <TextField label={t('unit')} optional value={unit} onChange={setUnit} autoComplete="off" />
        <TextField label={t('phone')} optional value={phone} onChange={setPhone} inputMode="tel" autoComplete="off" />
        <TextField label={t('email')} optional value={email} onChange={setEmail} inputMode="email" autoComplete="off" />
      </div>
    </DecisionDialog>
  )
}
