import { sampleOf } from '@changbai/contract/form-samples.ts'
import type { Attachment, FormState, FormView } from '@changbai/contract/forms.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { callWithFile } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime, today } from '../../shared/time.ts'
import { Button, Dialog, Loaded, ProblemAlert, useAct } from '../../shared/ui/index.ts'
import { broughtOver } from './broughtOver.ts'
import type { FormDraft } from './draft.ts'
import { earlierForm, earlierOf } from './earlier.ts'
import type { Choice } from './FieldInput.tsx'
import { formShapes, isBlank } from './fields.ts'
import { formText } from './words.ts'

interface Props {
  view: FormView
  draft: FormDraft
  attachments: readonly Attachment[]
  choices: Readonly<Record<string, readonly Choice[]>>
  onAttached(attachments: readonly Attachment[], state: FormState): void
}

/** Nobody has typed here yet, and there is something to type. */
const isUntouched = ({ state }: FormDraft): boolean => state.rev === 0 && state.sections.some((section) => section.state === 'EMPTY')

/** Two ways to begin a long form: a sample of what is asked, or an earlier form of one's own. Both only fill what is blank. */
export function FormStart({ view, draft, attachments, choices, onAttached }: Props) {
  const say = useText(formText)
  const act = useAct()
  const [copying, setCopying] = useState(false)

  const fillSample = async (): Promise<void> => {
    const { samplePaper } = await import('./samplePapers.ts')
    const expansion = draft.state.sections.some((section) => section.id === '4' && section.state === 'NOT_APPLICABLE')
    const offered = Object.fromEntries(Object.entries(choices).map(([name, all]) => [name, all[0]?.value]))
    const sample = sampleOf(view.kind, { today: today(), expansion, token: view.id.slice(-4), offered })
    await draft.fill(Object.fromEntries(Object.entries(sample).filter(([name]) => isBlank(draft.content[name]))))
    let held = attachments
    for (const [field, shape] of Object.entries(formShapes[view.kind].files)) {
      if (shape.required === 'never' || held.some((one) => one.field === field)) continue
      const paper = await samplePaper(field, `${say('sampleFile')}-${pick(shape)}`)
      const { attachment, state } = await callWithFile('form.attach', { formId: view.id, field }, paper)
      held = [...held, attachment]
      onAttached(held, state)
    }
  }
  // it stays while it works, though the first field filled ends the untouched state
  if (!isUntouched(draft) && !act.busy && act.error === null) return null
  return (
    <section className="notice plain form-start" aria-label={say('start')}>
      <p>{say('startHelp')}</p>
      {act.error !== null && <ProblemAlert error={act.error} />}
      <div className="row wrap">
        <Button busy={act.busy} onClick={() => void act.run(fillSample)}>
          {act.busy ? say('sampleFilling') : say('sample')}
        </Button>
        <Button onClick={() => setCopying(true)}>{say('copy')}</Button>
      </div>
      {copying && <CopyDialog view={view} draft={draft} onClose={() => setCopying(false)} />}
    </section>
  )
}

function CopyDialog({ view, draft, onClose }: { view: FormView; draft: FormDraft; onClose(): void }) {
  const say = useText(formText)
  const lang = useLanguage()
  const act = useAct()
  const query = useQuery({ queryKey: ['form.earlier', view.subject.id], queryFn: () => earlierOf(view), gcTime: 0 })
  const take = (id: string) =>
    act.run(async () => {
      const from = await earlierForm(view.subject.type, view.kind, id)
      await draft.fill(broughtOver(view.kind, from, draft.content, today()))
      onClose()
    })
  return (
    <Dialog title={say('copyTitle')} onClose={onClose}>
      <p className="note">{say('copyHelp')}</p>
      {act.error !== null && <ProblemAlert error={act.error} />}
      <Loaded query={query} rows={3}>
        {(items) =>
          items.length === 0 ? (
            <p className="second">{say('copyNone')}</p>
          ) : (
            <ul className="list flush-list">
              {items.map((one) => (
                <li key={one.id} className="row apart">
                  <span className="grow">
                    <b>{one.appName}</b>
                    <div className="second">
                      <span className="mono">{one.number}</span> · {listTime(one.updatedAt, lang)}
                    </div>
                  </span>
                  <Button size="small" busy={act.busy} onClick={() => void take(one.id)}>
                    {say('copyThis')}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Dialog>
  )
}
