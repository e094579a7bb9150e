import type { FormView } from '@changbai/contract/forms.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call, download } from '../../shared/call.ts'
import { ProblemError } from '../../shared/problem.ts'
import { useText } from '../../shared/text.ts'
import { Button, ButtonLink, Loaded, PageTitle, ProblemAlert, useAct } from '../../shared/ui/index.ts'
import { useFormChoices } from './choices.ts'
import type { FormDraft } from './draft.ts'
import { FormEditor } from './FormEditor.tsx'
import { formText } from './words.ts'

/** One form on a page of its own, where it is filled in. */
export function FormPage() {
  const { formId } = useParams({ strict: false }) as { formId: string }
  // what is being typed lives in the editor; a refetch must not take it back
  const query = useQuery({ ...ask('form.get', { formId }), staleTime: Number.POSITIVE_INFINITY, gcTime: 0, refetchOnWindowFocus: false })
  return (
    <div className="page">
      <Loaded query={query}>{(view) => <FormDesk key={view.id} view={view} />}</Loaded>
    </div>
  )
}

const homeOf = (view: FormView): string => `/work/${view.subject.type === 'request' ? 'requests' : 'admissions'}/${view.subject.id}`

function FormDesk({ view }: { view: FormView }) {
  const say = useText(formText)
  const choices = useFormChoices(view)
  const [tried, setTried] = useState(false)
  const back = homeOf(view)
  return (
    <>
      <PageTitle
        title={view.title}
        sentence={<code>{view.subject.number}</code>}
        acts={
          <>
            <ButtonLink to={back}>{say('back')}</ButtonLink>
            <Button onClick={() => void download('form.print', { formId: view.id })}>{say('preview')}</Button>
          </>
        }
      />
      <FormEditor
        view={view}
        choices={choices}
        showAll={tried}
        actions={(draft) => view.editable && <HandIn view={view} draft={draft} back={back} onGaps={() => setTried(true)} />}
      />
    </>
  )
}

/** The expected act of this form: finish the catalogue, or hand in the matter. It never refuses to be pressed; it shows what is open. */
function HandIn({ view, draft, back, onGaps }: { view: FormView; draft: FormDraft; back: string; onGaps(): void }) {
  const say = useText(formText)
  const act = useAct()
  const navigate = useNavigate()
  const send = async (): Promise<unknown> => {
    const rev = await draft.flush()
    if (view.subject.type === 'request') {
      if (view.kind === 'CATALOG') return call('request.finaliseCatalog', { requestId: view.subject.id, catalogRev: rev })
      return call('request.submit', { requestId: view.subject.id, rev })
    }
    const { form, catalog } = await call('admission.gaps', { admissionId: view.subject.id })
    return call('admission.submit', { admissionId: view.subject.id, rev: form.rev, catalogRev: catalog.rev })
  }
  const go = async (): Promise<void> => {
    onGaps()
    const done = await act.run(() =>
      send().catch((error: unknown) => {
        if (error instanceof ProblemError && error.is('form.incomplete')) draft.learn(draft.state)
        throw error
      }),
    )
    if (done) await navigate({ to: back as string })
  }
  return (
    <>
      {act.error !== null && <ProblemAlert error={act.error} />}
      <Button kind="primary" busy={act.busy} onClick={() => void go()}>
        {view.kind === 'CATALOG' && view.subject.type === 'request' ? say('finalise') : say('handIn')}
      </Button>
    </>
  )
}
