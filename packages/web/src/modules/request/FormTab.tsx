import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, download } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { Button, Loaded } from '../../shared/ui/index.ts'
import { FormSummary, VersionDialog } from '../form/index.ts'
import { requestText } from './requestText.ts'

/** A form as handed in, to be read, printed, and compared with what it was. */
export function FormTab({ formId }: { formId: string }) {
  const say = useText(requestText)
  const [comparing, setComparing] = useState(false)
  const query = useQuery(ask('form.get', { formId }))
  return (
    <Loaded query={query}>
      {(view) => (
        <>
          <div className="page-acts">
            <Button onClick={() => setComparing(true)}>{say('compareVersions')}</Button>
            <Button onClick={() => void download('form.print', { formId })}>{say('word')}</Button>
          </div>
          <FormSummary view={view} />
          {comparing && <VersionDialog formId={formId} title={view.title} onClose={() => setComparing(false)} />}
        </>
      )}
    </Loaded>
  )
}
