import { isSample } from '@changbai/contract/form-samples.ts'
import type { Attachment, Calculation, FormState, FormView, Gap, SectionProgress } from '@changbai/contract/forms.ts'
import { totalsLabels } from '@changbai/contract/forms.ts'
import { type ReactNode, useMemo, useState } from 'react'
import { pick, useText } from '../../shared/text.ts'
import { clockSeconds } from '../../shared/time.ts'
import { type FormDraft, useFormDraft } from './draft.ts'
import type { Choice } from './FieldInput.tsx'
import { FileInput } from './FileInput.tsx'
import { type FieldContext, FormField } from './FormField.tsx'
import { FormStart } from './FormStart.tsx'
import { fieldMap, formShapes } from './fields.ts'
import './form.css'
import { MergeDialog } from './MergeDialog.tsx'
import { formText } from './words.ts'

interface Props {
  view: FormView
  /** Choices that come from the inventory, by the last part of the path, e.g. `imageId`. */
  choices?: Readonly<Record<string, readonly Choice[]>>
  /** Shows every open point at its field: after an attempt to hand in. */
  showAll?: boolean
  actions?(draft: FormDraft): ReactNode
}

const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 })

/** A form that saves itself: sections left, one column of thought, totals and open points right. */
export function FormEditor({ view, choices = {}, showAll = false, actions }: Props) {
  const draft = useFormDraft(view)
  const say = useText(formText)
  const shape = formShapes[view.kind]
  const fields = fieldMap(view.kind)
  const [attachments, setAttachments] = useState<readonly Attachment[]>(view.attachments)
  const [open, setOpen] = useState(
    draft.state.sections.find((one) => one.state === 'GAPS' || one.state === 'EMPTY')?.id ?? shape.sections[0]?.id ?? '',
  )
  const gaps = useMemo(() => new Map(draft.state.gaps.map((gap) => [gap.path, gap])), [draft.state.gaps])
  const context: FieldContext = {
    disabled: !view.editable,
    gaps,
    showAll,
    choicesOf: (path) => choices[path.split('.').at(-1) as string],
    set: draft.set,
  }
  const section = shape.sections.find((one) => one.id === open) ?? shape.sections[0]
  const progress = draft.state.sections.find((one) => one.id === section?.id)

  const attached = (next: readonly Attachment[], state: FormState): void => {
    setAttachments(next)
    draft.learn(state)
  }
  const goTo = (gap: Gap): void => {
    setOpen(gap.section.split('.')[0] as string)
    requestAnimationFrame(() => {
      const target = document.querySelector<HTMLElement>(`[data-path="${CSS.escape(gap.path)}"]`)
      target?.scrollIntoView({ block: 'center' })
      target?.querySelector<HTMLElement>('input, textarea, button')?.focus()
    })
  }

  return (
    <div className="form-editor">
      <SectionList sections={draft.state.sections} open={section?.id ?? ''} onOpen={setOpen} />
      <section className="sheet form-body" aria-labelledby="form-step-title">
        <header className="form-step-head">
          <h2 id="form-step-title">
            <span className="form-step-number">{section?.id}</span>
            {section && pick(section)}
          </h2>
          <SaveLine draft={draft} />
        </header>
        <Notices draft={draft} view={view} />
        {view.editable && <FormStart view={view} draft={draft} attachments={attachments} choices={choices} onAttached={attached} />}
        {progress?.state === 'NOT_APPLICABLE' ? (
          <p className="form-help">{say('notApplicable')}</p>
        ) : (
          <div className="form-grid">
            {section?.fields.map((name) => {
              const file = shape.files[name]
              const field = fields.get(name)
              if (file) {
                const gap = gaps.get(name)
                return (
                  <FileInput
                    key={name}
                    formId={view.id}
                    name={name}
                    field={file}
                    attachments={attachments}
                    disabled={!view.editable}
                    missing={gap && showAll ? pick(gap.message) : null}
                    onChange={attached}
                  />
                )
              }
              return field && <FormField key={name} field={field} path={name} value={draft.content[name]} context={context} />
            })}
          </div>
        )}
        {draft.state.calculations
          .filter((one) => one.section.split('.')[0] === section?.id)
          .map((one) => (
            <CalculationLine key={one.key} calculation={one} draft={draft} disabled={!view.editable} />
          ))}
      </section>
      <aside className="form-side">
        {draft.state.totals && <TotalsSheet draft={draft} />}
        {view.editable && <GapSheet gaps={draft.state.gaps} onOpen={goTo} />}
        {actions?.(draft)}
      </aside>
    </div>
  )
}

const MARKS: Record<SectionProgress['state'], string> = { DONE: '✓', GAPS: '!', EMPTY: '○', NOT_APPLICABLE: '–' }

function SectionList({ sections, open, onOpen }: { sections: readonly SectionProgress[]; open: string; onOpen(id: string): void }) {
  const say = useText(formText)
  return (
    <nav className="form-steps">
      {sections.map((one) => (
        <button
          key={one.id}
          type="button"
          className={`form-step form-step-${one.state.toLowerCase()}`}
          aria-current={one.id === open}
          onClick={() => onOpen(one.id)}
        >
          <span className="form-step-number">{one.id}</span>
          <span>
            {pick(one.title)}
            <small>{one.state === 'NOT_APPLICABLE' ? say('notApplicable') : say('sectionOf', { filled: one.filled, of: one.of })}</small>
          </span>
          <span className="form-step-mark" aria-hidden="true">
            {MARKS[one.state]}
          </span>
        </button>
      ))}
    </nav>
  )
}

function SaveLine({ draft }: { draft: FormDraft }) {
  const say = useText(formText)
  if (!draft.view.editable) return <span className="form-save">{say('readOnly')}</span>
  const words = {
    saved: say('saved', { at: clockSeconds(draft.savedAt) }),
    saving: say('saving'),
    dirty: say('dirty'),
    kept: say('kept'),
    away: say('away'),
    refused: say('refused', { why: draft.refusal ?? '' }),
  }
  return (
    <span className={`form-save form-save-${draft.save}`} role="status">
      {words[draft.save]}
    </span>
  )
}

function Notices({ draft, view }: { draft: FormDraft; view: FormView }) {
  const say = useText(formText)
  return (
    <>
      {isSample(draft.content) && <p className="notice risk">{say('sampleNotice')}</p>}
      {view.otherEditors.length > 0 && (
        <p className="notice">{say('otherEditors', { names: view.otherEditors.map((one) => one.name).join('、') })}</p>
      )}
      {draft.conflicts.length > 0 && <MergeDialog key={draft.conflicts.map((one) => one.path).join()} draft={draft} view={view} />}
    </>
  )
}

function CalculationLine({ calculation, draft, disabled }: { calculation: Calculation; draft: FormDraft; disabled: boolean }) {
  const say = useText(formText)
  const { result, fills } = calculation
  const field = fills
    ? fieldMap(draft.view.kind)
        .get(fills.split('.')[0] as string)
        ?.fields.find((one) => one.name === fills.split('.')[1])
    : undefined
  return (
    <div className="form-calculation">
      <div>
        <code>{calculation.formula}</code>
        <p>{pick(calculation.explanation)}</p>
      </div>
      <div className="form-calculation-result">
        <strong>{result === null ? '—' : NUMBER.format(result)}</strong> {calculation.unit}
        {fills && result !== null && !disabled && (
          <button type="button" className="link" onClick={() => draft.set(fills, result)}>
            {say('fills', { field: field ? pick(field.label) : fills })}
          </button>
        )}
      </div>
    </div>
  )
}

function TotalsSheet({ draft }: { draft: FormDraft }) {
  const say = useText(formText)
  const { totals, consequences } = draft.state
  if (!totals) return null
  const keys = Object.keys(totalsLabels) as (keyof typeof totalsLabels)[]
  return (
    <section className="sheet">
      <h3>
        {say('totals')} <small>{say('totalsNote')}</small>
      </h3>
      <dl className="form-totals">
        {keys
          .filter((key) => totals[key] > 0)
          .map((key) => (
            <div key={key}>
              <dt>{pick(totalsLabels[key])}</dt>
              <dd>
                {NUMBER.format(totals[key])} <small>{totalsLabels[key].unit}</small>
              </dd>
            </div>
          ))}
      </dl>
      {consequences.map((one) => (
        <p key={one.code} className="form-consequence">
          {pick(one.message)}
        </p>
      ))}
    </section>
  )
}

const GAPS_SHOWN = 12
function GapSheet({ gaps, onOpen }: { gaps: readonly Gap[]; onOpen(gap: Gap): void }) {
  const say = useText(formText)
  return (
    <section className="sheet" aria-live="polite">
      <h3>{gaps.length === 0 ? say('gapsNone') : say('gaps', { count: gaps.length })}</h3>
      <ul className="form-gaps">
        {gaps.slice(0, GAPS_SHOWN).map((gap) => (
          <li key={gap.path}>
            <button type="button" className="link" onClick={() => onOpen(gap)}>
              {pick(gap.message)}
            </button>
          </li>
        ))}
      </ul>
      {gaps.length > GAPS_SHOWN && <p className="form-help">… {gaps.length - GAPS_SHOWN}</p>}
      <p className="form-help">{say('gapsNote')}</p>
    </section>
  )
}
