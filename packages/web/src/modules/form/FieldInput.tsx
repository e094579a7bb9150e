import { Checkbox, Input, InputNumber, Select, Switch } from 'antd'
import { pick, useText } from '../../shared/text.ts'
import { type FieldView, wordsOf } from './fields.ts'
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
  const status = invalid ? ('error' as const) : ('' as const)
  if (choices || control === 'choice') {
    const options = choices ?? field.codes.map((code) => ({ value: code, label: pick(wordsOf(label, code)) }))
    return (
      <Select
        id={id}
        value={typeof value === 'string' ? value : null}
        options={[...options]}
        disabled={disabled}
        status={status}
        onBlur={onLeave}
        placeholder={say('choose')}
        allowClear={field.optional}
        showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false}
        onChange={(next) => onChange(next ?? undefined)}
        style={{ width: '100%' }}
      />
    )
  }
  switch (control) {
    case 'number':
      return (
        <InputNumber
          id={id}
          value={typeof value === 'number' ? value : null}
          disabled={disabled}
          status={status}
          controls={false}
          onBlur={onLeave}
          precision={field.decimals === 0 ? 0 : undefined}
          suffix={label.unit}
          onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
          style={{ width: '100%' }}
        />
      )
    case 'flag':
      return (
        <Switch
          id={id}
          checked={value === true}
          disabled={disabled}
          checkedChildren={say('yes')}
          unCheckedChildren={say('no')}
          onChange={onChange}
        />
      )
    case 'choices':
      return (
        <Checkbox.Group
          value={Array.isArray(value) ? (value as string[]) : []}
          disabled={disabled}
          options={field.codes.map((code) => ({ value: code, label: pick(wordsOf(label, code)) }))}
          onChange={onChange}
        />
      )
    case 'day':
      return (
        <Input
          id={id}
          type="date"
          onBlur={onLeave}
          value={typeof value === 'string' ? value : ''}
          disabled={disabled}
          status={status}
          onChange={(event) => onChange(event.target.value || undefined)}
        />
      )
    case 'long':
      return (
        <Input.TextArea
          id={id}
          value={typeof value === 'string' ? value : ''}
          disabled={disabled}
          status={status}
          onBlur={onLeave}
          autoSize={{ minRows: 3, maxRows: 14 }}
          onChange={(event) => onChange(event.target.value || undefined)}
        />
      )
    default:
      return (
        <Input
          id={id}
          value={typeof value === 'string' ? value : ''}
          disabled={disabled || control === 'fixed'}
          status={status}
          suffix={label.unit}
          onBlur={onLeave}
          onChange={(event) => onChange(event.target.value || undefined)}
        />
      )
  }
}
