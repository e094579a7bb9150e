import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { DecisionDialog, LongField, SelectField, TextField, useAct } from '../../shared/ui/index.ts'
import { availabilityText } from './availabilityText.ts'

interface Made {
  onClose: () => void
  onToken: (token: string) => void
}
const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
const kindOf = (url: string) =>
  url.startsWith('tcp://')
    ? ('TCP' as const)
    : url.startsWith('icmp://')
      ? ('ICMP' as const)
      : url.startsWith('dns://')
        ? ('DNS' as const)
        : ('HTTP' as const)

export function NewProbe({ onClose, onToken }: Made) {
  const t = useText(availabilityText)
  const act = useAct()
  const [name, setName] = useState('')
  const [place, setPlace] = useState('')
  const [canaries, setCanaries] = useState('')
  const [networks, setNetworks] = useState('')
  return (
    <DecisionDialog
      title={t('newProbe')}
      verb={t('newProbe')}
      ready={name.trim() !== '' && canaries.trim() !== ''}
      act={async () => {
        const made = await act.runOrThrow(() =>
          call('availability.createProbe', {
            name,
            place,
            canaries: linesOf(canaries).map((url) => ({ kind: kindOf(url), url, expect: {} })),
            networks: linesOf(networks),
          }),
        )
        onToken(made.token)
      }}
      onClose={onClose}
    >
      <TextField label={t('name')} value={name} onChange={setName} maxLength={60} />
      <TextField label={t('place')} optional value={place} onChange={setPlace} maxLength={120} />
      <LongField label={t('canary')} help={t('canaryHelp')} value={canaries} onChange={setCanaries} />
      <LongField label={t('networks')} optional help={t('networksHelp')} value={networks} onChange={setNetworks} />
    </DecisionDialog>
  )
}

export function NewKey({ onClose, onToken }: Made) {
  const t = useText(availabilityText)
  const act = useAct()
  const [name, setName] = useState('')
  const [party, setParty] = useState('')
  const [networks, setNetworks] = useState('')
  const [perMinute, setPerMinute] = useState('60')
  return (
    <DecisionDialog
      title={t('newKey')}
      verb={t('newKey')}
      ready={name.trim() !== '' && party !== ''}
      act={async () => {
        const made = await act.runOrThrow(() =>
          call('availability.createKey', {
            name,
            party: party === 'CUSTOMER' ? 'CUSTOMER' : 'THIRD_PARTY',
            networks: linesOf(networks),
            callsPerMinute: Number(perMinute),
          }),
        )
        onToken(made.token)
      }}
      onClose={onClose}
    >
      <TextField label={t('name')} value={name} onChange={setName} maxLength={60} />
      <SelectField
        label={t('party')}
        value={party}
        onChange={setParty}
        options={[
          ['CUSTOMER', t('CUSTOMER')],
          ['THIRD_PARTY', t('THIRD_PARTY')],
        ]}
      />
      <LongField label={t('allowFrom')} optional help={t('allowFromHelp')} value={networks} onChange={setNetworks} />
      <TextField label={t('perMinute')} type="number" value={perMinute} onChange={setPerMinute} />
    </DecisionDialog>
  )
}
