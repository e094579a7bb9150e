import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { DecisionDialog, Loaded, SelectField } from '../../shared/ui/index.ts'
import { kindWord } from './matter.tsx'
import { requestText } from './requestText.ts'

/** Starts a request under one of the bureau's valid admission numbers (clause 4.1: admission first). */
export function StartRequest({ onClose, admissionId }: { onClose(): void; admissionId?: string }) {
  const say = useText(requestText)
  const navigate = useNavigate()
  const client = useQueryClient()
  const usable = useQuery(ask('admission.usable', {}))
  const [picked, setPicked] = useState(admissionId ?? '')
  const chosen = picked || (usable.data?.items[0]?.id ?? '')
  return (
    <DecisionDialog
      title={say('newRequest')}
      verb={say('create')}
      act={async () => {
        // a quick hand presses before the list of numbers has come
        const all = usable.data ?? (await client.fetchQuery(ask('admission.usable', {})))
        const picking = picked || all?.items[0]?.id
        if (!picking) throw new Error(say('noAdmission'))
        const request = await call('request.start', { admissionId: picking })
        await navigate({ to: `/work/requests/${request.id}` as string })
      }}
      onClose={onClose}
    >
      <Loaded query={usable} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{say('noAdmission')}</p>
          ) : (
            <SelectField
              label={say('pickAdmission')}
              value={chosen}
              options={items.map((one) => [one.id, `${one.admissionNo ?? one.number} · ${one.appName} · ${kindWord(one.kind)}`] as const)}
              onChange={setPicked}
            />
          )
        }
      </Loaded>
    </DecisionDialog>
  )
}
