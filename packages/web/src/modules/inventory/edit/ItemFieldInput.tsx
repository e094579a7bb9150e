import { useText } from '../../../shared/text.ts'
import { Check, DayField, Field, LongField, PersonField, SelectField, TenantField, TextField } from '../../../shared/ui/index.ts'
import { inventoryText } from '../inventoryText.ts'
import { readAddresses, spellAddresses } from './addresses.ts'
import type { ItemField, Word } from './itemForms.ts'
import { RefField } from './RefField.tsx'
import { RulesInput } from './RulesInput.tsx'

const WORDED = new Set([
  'PROD',
  'TEST',
  'DEV',
  'DR',
  'BUILDING',
  'ACTIVE',
  'STOPPED',
  'FAULTY',
  'vm',
  'baremetal',
  'block',
  'file',
  'object',
])
for (const code of ['backup', 'NETWORK', 'SECURITY_GROUP', 'PUBLIC_ADDRESS', 'LOAD_BALANCER', 'DOMAIN']) WORDED.add(code)

/** The control of one field. */
export function ItemFieldInput({
  field,
  value,
  error,
  onChange,
}: {
  field: ItemField
  value: unknown
  error: string | undefined
  onChange: (value: unknown) => void
}) {
  const t = useText(inventoryText)
  const around = { label: t(field.label), optional: !field.required && field.start === undefined, error }
  const text = value === null || value === undefined ? '' : String(value)
  switch (field.control) {
    case 'long':
      return <LongField {...around} value={text} maxLength={2000} onChange={onChange} />
    case 'number':
      return (
        <TextField
          {...around}
          inputMode="numeric"
          {...(field.unit && { unit: field.unit })}
          value={text}
          onChange={(typed) => onChange(/^\d+$/.test(typed.trim()) ? Number(typed) : typed.trim() === '' ? null : value)}
        />
      )
    case 'day':
      return <DayField {...around} value={text} onChange={(day) => onChange(day || null)} />
    case 'flag':
      return (
        <Check checked={value === true} onChange={onChange}>
          {around.label}
        </Check>
      )
    case 'choice':
      return (
        <SelectField
          {...around}
          value={text}
          options={(field.codes ?? []).map((code) => [code, WORDED.has(code) ? t(code as Word) : code] as const)}
          onChange={(code) => onChange(code || null)}
        />
      )
    case 'person':
      return <PersonField {...around} value={text} onChange={(id) => onChange(id || null)} />
    case 'tenant':
      return <TenantField {...around} value={text} onChange={(id) => onChange(id || null)} />
    case 'ref':
      return <RefField {...around} of={field.of ?? 'application'} value={text} onChange={(id) => onChange(id || null)} />
    case 'addresses':
      return <AddressLines around={around} value={value} onChange={onChange} />
    case 'rules':
      return (
        <Field {...around} full>
          {() => <RulesInput value={value} onChange={onChange} />}
        </Field>
      )
    default:
      return <TextField {...around} className={field.control === 'mono' ? 'mono' : undefined} value={text} onChange={onChange} />
  }
}

function AddressLines({
  around,
  value,
  onChange,
}: {
  around: { label: string; optional: boolean; error: string | undefined }
  value: unknown
  onChange: (value: unknown) => void
}) {
  const t = useText(inventoryText)
  return (
    <LongField
      {...around}
      help={t('addressesHelp')}
      className="mono"
      spellCheck={false}
      defaultValue={spellAddresses(value)}
      onChange={(typed) => onChange(readAddresses(typed))}
    />
  )
}
