import type { DraftContent, FormKind, FormView } from '@changbai/contract/forms.ts'
import { call } from '../../shared/call.ts'

/** A matter of mine whose form may be copied. */
export interface Earlier {
  id: string
  number: string
  appName: string
  updatedAt: string
}
const SHOWN = 30

type Subject = FormView['subject']['type']

/** My matters of the same sort as the form's own, newest first, without the form's own. */
export async function earlierOf(view: Pick<FormView, 'subject'>): Promise<Earlier[]> {
  const asked = { mine: true, limit: SHOWN } as never
  const { items } = view.subject.type === 'request' ? await call('request.list', asked) : await call('admission.list', asked)
  return (items as Earlier[]).filter((one) => one.id !== view.subject.id)
}

/** The earlier matter's form of this kind. */
export async function earlierForm(type: Subject, kind: FormKind, id: string): Promise<DraftContent> {
  const forms = type === 'request' ? await call('request.forms', { requestId: id }) : await call('admission.forms', { admissionId: id })
  return (kind === 'CATALOG' ? forms.catalog : forms.form).content
}
