import { pick, useText } from '../../shared/text.ts'
import { Check } from '../../shared/ui/index.ts'
import { type FieldView, wordsOf } from './fields.ts'
import { NumberInput } from './NumberInput.tsx'
import { formText } from './words.ts'

export interface Choice {
  value: string
  label: string
}

interface Props {
  id: string
  field: FieldView
  value: unknown
  disabled: boolean
  invalid: boolean
  /** Choices that are not in the contract but in the inventory: flavours, images, zones. */
  choices?: readonly Choice[] | undefined
  onChange(value: unknown): void
  onLeave(): void
}

/** One control for one value. The label, the help and the error stand around it, see FormField. */
export function FieldInput({ id, field, value, disabled, invalid, choices, onChange, onLeave }: Props) {
  const say = useText(formText)
  const { label, control } = field
  const text = typeof value === 'string' ? value : ''
  const own = { id, disabled, 'aria-invalid': invalid || undefined, onBlur: onLeave }
  const box = `box ${invalid ? 'bad' : ''} ${disabled || control === 'fixed' ? 'computed' : ''}`
  if (choices || control === 'choice') {
    const options = choices ?? field.codes.map((code) => ({ value: code, label: pick(wordsOf(label, code)) }))
    return (
      <div className={box}>
        <select {...own} value={text} onChange={(event) => onChange(event.target.value || undefined)}>
          <option value="">{say('choose')}</option>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
    )
  }
  switch (control) {
    case 'number':
      return (
        <div className={`${box} num`}>
          <NumberInput {...own} value={typeof value === 'number' ? value : undefined} decimals={field.decimals} onChange={onChange} />
          {label.unit && <span className="unit">{label.unit}</span>}
        </div>
      )
    case 'flag':
      return (
        <div className={box}>
          <select
            {...own}
            value={value === undefined ? '' : String(value)}
            onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value === 'true')}
          >
            <option value="">{say('choose')}</option>
            <option value="true">{say('yes')}</option>
            <option value="false">{say('no')}</option>
          </select>
        </div>
      )
    case 'choices': {
      const held = Array.isArray(value) ? (value as string[]) : []
      return (
        <div className="form-checks">
          {field.codes.map((code) => (
            <Check
              key={code}
              checked={held.includes(code)}
              onChange={(on) => !disabled && onChange(on ? [...held, code] : held.filter((one) => one !== code))}
            >
              {pick(wordsOf(label, code))}
            </Check>
          ))}
        </div>
      )
    }
    case 'long':
      return (
        <div className={box}>
          <textarea
            {...own}
            rows={Math.min(14, Math.max(3, Math.ceil(text.length / 60)))}
            value={text}
            onChange={(event) => onChange(event.target.value || undefined)}
          />
        </div>
      )
    default:
      return (
        <div className={box}>
          <input
            {...own}
            type={control === 'day' ? 'date' : 'text'}
            readOnly={control === 'fixed'}
            value={text}
            onChange={(event) => onChange(event.target.value || undefined)}
          />
          {label.unit && <span className="unit">{label.unit}</span>}
        </div>
      )
  }
}
