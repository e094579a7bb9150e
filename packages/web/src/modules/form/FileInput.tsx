import type { Attachment, FileField, FormState } from '@changbai/contract/forms.ts'
import { useRef, useState } from 'react'
import { call, callWithFile, download } from '../../shared/call.ts'
import { pick, useText } from '../../shared/text.ts'
import { Button } from '../../shared/ui/index.ts'
import { formText } from './words.ts'

interface Props {
  formId: string
  name: string
  field: FileField
  attachments: readonly Attachment[]
  disabled: boolean
  missing: string | null
  onChange(attachments: readonly Attachment[], state: FormState): void
}

const size = (bytes: number): string =>
  bytes < 1_048_576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`

/** The files of one file field: each with its digest, so that anybody can see later that it is the same. */
export function FileInput({ formId, name, field, attachments, disabled, missing, onChange }: Props) {
  const say = useText(formText)
  const picker = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const own = attachments.filter((one) => one.field === name)

  const attach = async (file: File): Promise<void> => {
    setBusy(true)
    setRefusal(null)
    try {
      const { attachment, state } = await callWithFile('form.attach', { formId, field: name }, file)
      onChange([...attachments, attachment], state)
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  const detach = async (fileId: string): Promise<void> => {
    const state = await call('form.detach', { formId, fileId })
    onChange(
      attachments.filter((one) => one.fileId !== fileId),
      state,
    )
  }

  return (
    <div className="form-field form-field-long" data-path={name}>
      <label htmlFor={`field-${name}`}>
        {pick(field)}
        {field.required !== 'always' && <span className="form-optional">{say('optional')}</span>}
      </label>
      <ul className="form-files">
        {own.map((file) => (
          <li key={file.fileId}>
            <button type="button" className="link" onClick={() => void download('form.download', { formId, fileId: file.fileId })}>
              {file.name}
            </button>
            <span className="form-file-size">{size(file.sizeBytes)}</span>
            <code title={file.digest.value}>
              {file.digest.value.slice(0, 4)}…{file.digest.value.slice(-4)}
            </code>
            {!disabled && (
              <Button size="small" onClick={() => void detach(file.fileId)}>
                {say('remove')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {!disabled && (
        <>
          <input
            ref={picker}
            id={`field-${name}`}
            type="file"
            className="form-file-picker"
            onChange={(event) => {
              const file = event.target.files?.[0]
              event.target.value = ''
              if (file) void attach(file)
            }}
          />
          <Button size="small" busy={busy} onClick={() => picker.current?.click()}>
            {busy ? say('uploading') : say('upload')}
          </Button>
        </>
      )}
      {refusal ? (
        <p className="form-error" role="alert">
          {refusal}
        </p>
      ) : missing ? (
        <p className="form-error">{missing}</p>
      ) : (
        !disabled && <p className="form-help">{say('files')}</p>
      )}
    </div>
  )
}
