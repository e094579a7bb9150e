import { useQuery } from '@tanstack/react-query'
import { ask, download } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { Button, Loaded } from '../../shared/ui/index.ts'
import { FormSummary } from '../form/index.ts'
import { requestText } from './requestText.ts'

/** A form as handed in, to be read and printed. */
export function FormTab({ formId }: { formId: string }) {
  const say = useText(requestText)
  const query = useQuery(ask('form.get', { formId }))
  return (
    <Loaded query={query}>
      {(view) => (
        <>
          <div className="page-acts">
            <Button onClick={() => void download('form.print', { formId })}>{say('word')}</Button>
          </div>
          <FormSummary view={view} />
        </>
      )}
    </Loaded>
  )
}
