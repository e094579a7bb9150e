import type { ItemType } from '@changbai/contract/inventory.ts'
import { useState } from 'react'
import { call } from '../../../shared/call.ts'
import { ProblemError } from '../../../shared/problem.ts'
import { useText, withinSentence } from '../../../shared/text.ts'
import { DecisionDialog, useAct } from '../../../shared/ui/index.ts'
import { inventoryText } from '../inventoryText.ts'
import { ItemFieldInput } from './ItemFieldInput.tsx'
import { itemForms } from './itemForms.ts'
import { changedKeys, isAsked, isEmpty, startValues, toMembers } from './values.ts'

type Item = Readonly<Record<string, unknown>> & { id: string; rev: number }

/**
 * Records a thing or changes one. Only what was changed is sent; if somebody else changed it meanwhile, their values are fetched, those of my
 * fields stay, and the fields that both touched are named before anything is written.
 */
export function ItemDialog({ type, item, onClose }: { type: ItemType; item: Item | null; onClose: () => void }) {
  const t = useText(inventoryText)
  const refresh = useAct()
  const form = itemForms[type]
  const fields = item ? form.fields.filter((field) => !field.once) : form.fields
  const [before, setBefore] = useState<Item | null>(item)
  const [values, setValues] = useState(() => startValues(form.fields, item))
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<ReadonlyMap<string, string>>(new Map())
  const [both, setBoth] = useState<readonly string[]>([])
  const asked = fields.filter((field) => isAsked(field, values))
  const missing = asked.filter((field) => field.required && isEmpty(values[field.key]))
  const labelOf = (key: string) => {
    const field = form.fields.find((one) => one.key === key)
    return field ? t(field.label) : key
  }

  const save = async () => {
    setTried(true)
    setRefused(new Map())
    if (!before) {
      const keys = asked.filter((field) => !isEmpty(values[field.key])).map(({ key }) => key)
      const owner = type === 'server' || type === 'volume' || type === 'network' ? { tenantId: await tenantOf(values.applicationId) } : {}
      await call(form.create, { ...toMembers(form.fields, values, keys, null), ...owner } as never)
    } else {
      const keys = changedKeys(fields, values, startValues(form.fields, before))
      if (keys.length > 0)
        await call(form.update, { id: before.id, rev: before.rev, change: toMembers(fields, values, keys, before) } as never)
    }
    await refresh.run(async () => {})
  }
  const act = () =>
    save().catch(async (error: unknown) => {
      if (error instanceof ProblemError) {
        setRefused(new Map(error.errors.map(({ path, message }) => [path.replace(/^change\./, ''), message])))
        if (before && error.is('stale')) {
          const now = (await call(form.get, { id: before.id } as never)) as Item
          const mine = changedKeys(fields, values, startValues(form.fields, before))
          const theirs = changedKeys(fields, startValues(form.fields, now), startValues(form.fields, before))
          setValues({ ...startValues(form.fields, now), ...Object.fromEntries(mine.map((key) => [key, values[key]])) })
          setBoth(mine.filter((key) => theirs.includes(key)).map(labelOf))
          setBefore(now)
        }
      }
      throw error
    })

  return (
    <DecisionDialog
      wide
      title={
        before ? t('editTitle', { name: String(before.name ?? before.model ?? '') }) : t('addTitle', { what: withinSentence(t(type)) })
      }
      verb={t('save')}
      ready={missing.length === 0}
      act={act}
      onClose={onClose}
    >
      {both.length > 0 && <p className="risk">{t('bothChanged', { fields: both.join('、') })}</p>}
      <div className="fields">
        {asked.map((field) => (
          <ItemFieldInput
            key={field.key}
            field={field}
            value={values[field.key]}
            error={refused.get(field.key) ?? (tried && missing.includes(field) ? t('fillIn') : undefined)}
            onChange={(value) => setValues((now) => ({ ...now, [field.key]: value }))}
          />
        ))}
      </div>
    </DecisionDialog>
  )
}

/** A resource belongs to the bureau of its application. */
async function tenantOf(applicationId: unknown): Promise<string | null> {
  if (typeof applicationId !== 'string') return null
  return (await call('inventory.getApplication', { id: applicationId })).tenantId
}
