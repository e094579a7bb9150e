import type { FormView } from '@changbai/contract/forms.ts'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../shared/call.ts'
import type { Choice } from './FieldInput.tsx'

/** What the inventory offers for a request's lines, by field name. */
export function useFormChoices(view: Pick<FormView, 'kind' | 'subject'>): Readonly<Record<string, readonly Choice[]>> {
  const wanted = view.kind === 'PROVISION_FORM'
  const { data } = useQuery({ ...ask('request.choices', { requestId: view.subject.id }), enabled: wanted, staleTime: 60_000 })
  if (!data) return {}
  const plain = (items: readonly { id: string; name: string; note: string | null }[]): Choice[] =>
    items.map((one) => ({ value: one.id, label: one.note ? `${one.name} · ${one.note}` : one.name }))
  return {
    flavorId: data.flavors.map((one) => ({ value: one.id, label: `${one.name} · ${one.vcpu} vCPU / ${one.memGiB} GiB` })),
    imageId: plain(data.images),
    az: plain(data.zones),
    modelId: data.models.filter((one) => one.tested).map((one) => ({ value: one.id, label: one.name })),
    backupPolicyId: plain(data.backupPolicies),
  }
}
