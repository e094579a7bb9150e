import type { Gap } from '@changbai/contract/forms.ts'
import { useState } from 'react'
import { pick, useText } from '../../shared/text.ts'
import { Button } from '../../shared/ui/index.ts'
import { type Choice, FieldInput } from './FieldInput.tsx'
import type { FieldView } from './fields.ts'
import { formText } from './words.ts'

export interface FieldContext {
  disabled: boolean
  gaps: ReadonlyMap<string, Gap>
  /** Paths a person has left at least once; only there a gap is shown as an error. */
  showAll: boolean
  choicesOf(path: string): readonly Choice[] | undefined
  set(path: string, value: unknown): void
}

interface Props {
  field: FieldView
  path: string
  value: unknown
  context: FieldContext
}

const isRow = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Label above, control, help or error below. Groups and lists lay out their own fields. */
export function FormField({ field, path, value, context }: Props) {
  const [left, setLeft] = useState(false)
  const say = useText(formText)
  if (field.control === 'group') return <GroupField {...{ field, path, value, context }} />
  if (field.control === 'list') return <ListField {...{ field, path, value, context }} />
  const gap = context.gaps.get(path)
  const invalid = gap !== undefined && (left || context.showAll)
  const id = `field-${path}`
  const help = field.label.hint && pick(field.label.hint)
  return (
    <div className={`form-field form-field-${field.control}`} data-path={path}>
      <label htmlFor={id}>
        {pick(field.label)}
        {field.optional && <span className="form-optional">{say('optional')}</span>}
      </label>
      <FieldInput
        id={id}
        field={field}
        value={value}
        disabled={context.disabled}
        invalid={invalid}
        choices={context.choicesOf(path)}
        onChange={(next) => context.set(path, next)}
        onLeave={() => setLeft(true)}
      />
      {invalid ? (
        <p className="form-error" role="alert">
          {pick(gap.message)}
        </p>
      ) : (
        help && <p className="form-help">{help}</p>
      )}
    </div>
  )
}

function GroupField({ field, path, value, context }: Props) {
  const group = isRow(value) ? value : {}
  return (
    <fieldset className="form-group" data-path={path}>
      <legend>{pick(field.label)}</legend>
      <div className="form-grid">
        {field.fields.map((inner) => (
          <FormField key={inner.name} field={inner} path={`${path}.${inner.name}`} value={group[inner.name]} context={context} />
        ))}
      </div>
    </fieldset>
  )
}

/** Rows of one kind, each a small grid: a table on a wide screen would cut long Chinese labels. */
function ListField({ field, path, value, context }: Props) {
  const say = useText(formText)
  const rows = Array.isArray(value) ? value : []
  const gap = context.gaps.get(path)
  const replace = (next: unknown[]): void => context.set(path, next)
  return (
    <fieldset className="form-group" data-path={path}>
      <legend>
        {pick(field.label)}
        {field.optional && <span className="form-optional">{say('optional')}</span>}
        {rows.length > 0 && <span className="form-count">{rows.length}</span>}
      </legend>
      {rows.length === 0 && (
        <p className="form-help">
          {gap && context.showAll ? pick(gap.message) : field.label.hint ? pick(field.label.hint) : say('noRows')}
        </p>
      )}
      <ol className="form-rows">
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place, which is also their address in the form
          <li key={index} className="form-row">
            <div className="form-row-head">
              <span>{say('row', { n: index + 1 })}</span>
              {!context.disabled && (
                <Button
                  size="small"
                  aria-label={say('removeRow', { n: index + 1 })}
                  onClick={() => replace(rows.filter((_, at) => at !== index))}
                >
                  {say('remove')}
                </Button>
              )}
            </div>
            <div className="form-grid">
              {field.fields.map((inner) => (
                <FormField
                  key={inner.name}
                  field={inner}
                  path={`${path}.${index}.${inner.name}`}
                  value={isRow(row) ? row[inner.name] : undefined}
                  context={context}
                />
              ))}
            </div>
          </li>
        ))}
      </ol>
      {!context.disabled && (
        <Button size="small" onClick={() => replace([...rows, {}])}>
          {say('addRow')}
        </Button>
      )}
    </fieldset>
  )
}
