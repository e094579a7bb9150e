import { useLanguage, useText } from '../../shared/text.ts'
import { DayField, LongField, SelectField, TextField } from '../../shared/ui/index.ts'
import { processText } from './processText.ts'
import type { StepField } from './stepFields.ts'

/** One field a step asks for beside the opinion. */
export function StepFieldInput({
  field,
  value,
  missing,
  onChange,
}: {
  field: StepField
  value: unknown
  missing: boolean
  onChange(value: unknown): void
}) {
  const say = useText(processText)
  const lang = useLanguage()
  const label = lang === 'en-US' ? field.en : field.zh
  const error = missing ? say('required') : undefined
  const text = typeof value === 'string' ? value : ''
  const around = { label, error, optional: field.required !== true && field.kind !== 'choice' }
  if (field.kind === 'choice') {
    const options = (field.options ?? []).map((one) => [one.value, lang === 'en-US' ? one.en : one.zh] as const)
    return <SelectField label={label} error={error} value={text || (options[0]?.[0] ?? '')} options={options} onChange={onChange} />
  }
  if (field.kind === 'long') return <LongField {...around} value={text} rows={2} maxLength={4000} onChange={onChange} />
  if (field.kind === 'day') return <DayField {...around} value={text} onChange={onChange} />
  if (field.kind === 'number') {
    return (
      <TextField
        {...around}
        unit={field.unit}
        inputMode="decimal"
        value={typeof value === 'number' ? String(value) : ''}
        onChange={(typed) => onChange(typed === '' || Number.isNaN(Number(typed)) ? undefined : Number(typed))}
      />
    )
  }
  return <TextField {...around} value={text} maxLength={200} onChange={onChange} />
}
