import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes, useId } from 'react'
import { useText } from '../text.ts'
import { StatusGlyph } from './StatusGlyph.tsx'
import { uiText } from './uiText.ts'

interface Around {
  label: ReactNode
  /** Words beside the label, e.g. a link. */
  aside?: ReactNode
  help?: ReactNode
  /** Replaces the help; says the format wanted, not the mistake. */
  error?: string | undefined
  optional?: boolean
  full?: boolean
}

/** Label above, help below, error in its place, linked for assistive technology. */
export function Field({
  label,
  aside,
  help,
  error,
  optional,
  full,
  children,
}: Around & { children: (ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ReactNode }) {
  const t = useText(uiText)
  const id = useId()
  const about = error || help ? `${id}-about` : undefined
  return (
    <div className={full ? 'field full' : 'field'}>
      <div className="field-label">
        <label htmlFor={id}>
          {label} {optional && <small>{t('optional')}</small>}
        </label>
        {aside}
      </div>
      {children({ id, ...(about && { 'aria-describedby': about }), ...(error && { 'aria-invalid': true }) })}
      {error ? (
        <div className="field-error" id={about}>
          <StatusGlyph state="breach" size={12} />
          <span>{error}</span>
        </div>
      ) : (
        help && (
          <div className="field-help" id={about}>
            {help}
          </div>
        )
      )}
    </div>
  )
}

export function TextField({
  label,
  aside,
  help,
  error,
  optional,
  full,
  unit,
  large,
  onChange,
  ...rest
}: Around & { unit?: ReactNode; large?: boolean; onChange?: (value: string) => void } & Omit<
    InputHTMLAttributes<HTMLInputElement>,
    'onChange'
  >) {
  return (
    <Field {...{ label, aside, help, error, full: full ?? false, optional: optional ?? false }}>
      {(ids) => (
        <div
          className={`box ${error ? 'bad' : ''} ${large ? 'large' : ''} ${rest.readOnly ? 'computed' : ''} ${rest.type === 'number' || rest.inputMode === 'decimal' ? 'num' : ''}`}
        >
          <input {...rest} {...ids} onChange={(event) => onChange?.(event.target.value)} />
          {unit && <span className="unit">{unit}</span>}
        </div>
      )}
    </Field>
  )
}

export function LongField({
  label,
  aside,
  help,
  error,
  optional,
  full = true,
  onChange,
  ...rest
}: Around & { onChange?: (value: string) => void } & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange'>) {
  return (
    <Field {...{ label, aside, help, error, full, optional: optional ?? false }}>
      {(ids) => (
        <div className={`box ${error ? 'bad' : ''}`}>
          <textarea rows={3} {...rest} {...ids} onChange={(event) => onChange?.(event.target.value)} />
        </div>
      )}
    </Field>
  )
}

export function SelectField({
  label,
  aside,
  help,
  error,
  optional,
  full,
  options,
  onChange,
  empty,
  ...rest
}: Around & { options: readonly (readonly [string, string])[]; empty?: string; onChange?: (value: string) => void } & Omit<
    SelectHTMLAttributes<HTMLSelectElement>,
    'onChange'
  >) {
  const t = useText(uiText)
  return (
    <Field {...{ label, aside, help, error, full: full ?? false, optional: optional ?? false }}>
      {(ids) => (
        <div className={`box ${error ? 'bad' : ''}`}>
          <select {...rest} {...ids} onChange={(event) => onChange?.(event.target.value)}>
            <option value="">{empty ?? t('choose')}</option>
            {options.map(([value, word]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
        </div>
      )}
    </Field>
  )
}

export const Check = ({ checked, onChange, children }: { checked: boolean; onChange: (checked: boolean) => void; children: ReactNode }) => (
  <label className="check">
    <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
    <span>{children}</span>
  </label>
)

export const FormSection = ({ title, note, children, id }: { title: ReactNode; note?: ReactNode; children: ReactNode; id?: string }) => (
  <section className="form-section" id={id}>
    <h3>{title}</h3>
    {note && <p>{note}</p>}
    <div className="fields">{children}</div>
  </section>
)
