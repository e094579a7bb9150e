import type { FormView } from '@changbai/contract/forms.ts'
import { download } from '../../shared/call.ts'
import { pick, useText } from '../../shared/text.ts'
import { useFormChoices } from './choices.ts'
import { type FieldView, fieldMap, formShapes, wordsOf } from './fields.ts'
import './form.css'
import { formText } from './words.ts'

const isRow = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

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
                      <Value field={field} value={view.content[field.name]} />
                    </dd>
                  </div>
                ))}
              </dl>
            )}
            {shown
              .flatMap((name) => fields.get(name) ?? [])
              .filter((field) => field.control === 'list' || field.control === 'group')
              .map((field) => (
                <Part key={field.name} field={field} value={view.content[field.name]} named={named} />
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

function Value({ field, value }: { field: FieldView; value: unknown }) {
  const say = useText(formText)
  if (isBlank(value)) return <>—</>
  if (typeof value === 'boolean') return <>{value ? say('yes') : say('no')}</>
  if (Array.isArray(value)) {
    return <>{value.map((one) => (isRow(one) ? Object.values(one).join(' ') : pick(wordsOf(field.label, String(one))))).join('、')}</>
  }
  const text = field.control === 'choice' ? pick(wordsOf(field.label, String(value))) : String(value)
  return (
    <>
      {text}
      {field.label.unit && ` ${field.label.unit}`}
    </>
  )
}

function Part({ field, value, named }: { field: FieldView; value: unknown; named(name: string, value: unknown): unknown }) {
  const rows = Array.isArray(value) ? value.filter(isRow) : isRow(value) ? [value] : []
  if (rows.length === 0) return null
  const columns = field.fields.filter((inner) => rows.some((row) => !isBlank(row[inner.name])))
  return (
    <>
      <h4>{pick(field.label)}</h4>
      <div className="table-scroll">
        <table className="grid">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} className={column.control === 'number' ? 'num' : undefined}>
                  {pick(column.label)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
              <tr key={index}>
                {columns.map((column) => (
                  <td key={column.name} className={column.control === 'number' ? 'num' : undefined}>
                    <Value field={column} value={named(column.name, row[column.name])} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
