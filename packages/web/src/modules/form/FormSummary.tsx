import type { FormView } from '@changbai/contract/forms.ts'
import { download } from '../../shared/call.ts'
import { pick } from '../../shared/text.ts'
import { Contact } from '../../shared/ui/index.ts'
import { useFormChoices } from './choices.ts'
import { PlainValue, RowsTable } from './FieldValue.tsx'
import { fieldMap, formShapes, isBlank } from './fields.ts'
import './form.css'

const PHONES = new Set(['phone', 'contactPhone'])

/** A form to be read: filled sections only, lists as tables. */
export function FormSummary({ view }: { view: FormView }) {
  const shape = formShapes[view.kind]
  const fields = fieldMap(view.kind)
  const choices = useFormChoices(view)
  const named = (name: string, value: unknown): unknown => choices[name]?.find((one) => one.value === value)?.label ?? value
  return (
    <div className="form-summary">
      {shape.sections.map((section) => {
        const shown = section.fields.filter((name) => !isBlank(view.content[name]) || view.attachments.some((file) => file.field === name))
        if (shown.length === 0) return null
        const plain = shown
          .flatMap((name) => fields.get(name) ?? [])
          .filter((field) => field.control !== 'list' && field.control !== 'group')
        return (
          <section key={section.id}>
            <h3>
              <span className="form-step-number">{section.id}</span> {pick(section)}
            </h3>
            {plain.length > 0 && (
              <dl className="facts">
                {plain.map((field) => (
                  <div key={field.name} className={field.control === 'long' ? 'full' : undefined}>
                    <dt>{pick(field.label)}</dt>
                    <dd>
                      {PHONES.has(field.name) ? (
                        <Contact value={String(view.content[field.name])} subject="form" id={view.id} field={`content.${field.name}`} />
                      ) : (
                        <PlainValue field={field} value={view.content[field.name]} />
                      )}
                    </dd>
                  </div>
                ))}
              </dl>
            )}
            {shown
              .flatMap((name) => fields.get(name) ?? [])
              .filter((field) => field.control === 'list' || field.control === 'group')
              .map((field) => (
                <div key={field.name}>
                  {pick(field.label) !== pick(section) && <h4>{pick(field.label)}</h4>}
                  <RowsTable field={field} value={view.content[field.name]} named={named} />
                </div>
              ))}
            <ul className="form-files">
              {view.attachments
                .filter((file) => section.fields.includes(file.field))
                .map((file) => (
                  <li key={file.fileId}>
                    {pick(shape.files[file.field] ?? { zh: file.field, en: file.field })}：
                    <button
                      type="button"
                      className="link"
                      onClick={() => void download('form.download', { formId: view.id, fileId: file.fileId })}
                    >
                      {file.name}
                    </button>
                    <code title={file.digest.value}>
                      {file.digest.value.slice(0, 4)}…{file.digest.value.slice(-4)}
                    </code>
                  </li>
                ))}
            </ul>
          </section>
        )
      })}
    </div>
  )
}
