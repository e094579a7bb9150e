import type { ItemType } from '@changbai/contract/inventory.ts'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../../../shared/call.ts'
import { Field } from '../../../shared/ui/index.ts'
import { itemForms, lists } from './itemForms.ts'

const ChoicePicker = lazy(() => import('../../../shared/ui/pickers.tsx').then((face) => ({ default: face.ChoicePicker })))

interface Named {
  id: string
  name?: string
  vendor?: string
  model?: string
  code?: string
  applicationName?: string | null
}
const titleOf = (item: Named): string => item.name ?? `${item.vendor ?? ''} ${item.model ?? ''}`.trim()

/** Another item of the inventory by name, searched by the server within what the reader may see. */
export function RefField({
  of,
  value,
  onChange,
  ...around
}: {
  label: string
  optional?: boolean
  error?: string | undefined
  of: ItemType
  value: string
  onChange: (id: string) => void
}) {
  const [typed, setTyped] = useState('')
  const found = useQuery(ask(lists[of], { limit: 20, ...(typed && { q: typed }) } as never))
  const now = useQuery({ ...ask(itemForms[of].get, { id: value } as never), enabled: value !== '' })
  const items = ((found.data as { items?: Named[] } | undefined)?.items ?? []).slice()
  const chosen = now.data as Named | undefined
  if (chosen && !items.some(({ id }) => id === chosen.id)) items.unshift(chosen)
  return (
    <Field {...around}>
      {({ id }) => (
        <Suspense fallback={<div className="box" aria-busy="true" />}>
          <ChoicePicker
            id={id}
            value={value}
            onChange={(next) => onChange(next ?? '')}
            onSearch={setTyped}
            options={items.map((item) => ({ value: item.id, label: titleOf(item), note: item.code ?? item.applicationName ?? '' }))}
          />
        </Suspense>
      )}
    </Field>
  )
}
