import { type ReactNode, useId, useState } from 'react'
import { useText } from '../text.ts'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { LongField } from './Field.tsx'
import { ProblemAlert } from './ProblemAlert.tsx'
import { uiText } from './uiText.ts'

/** Asks for the reason of an act and does it. The button is the verb; a reason that is needed but missing is asked for at its field. */
export function DecisionDialog({
  title,
  verb,
  danger,
  wide,
  reason,
  ready = true,
  children,
  act,
  onClose,
}: {
  title: ReactNode
  verb: string
  danger?: boolean
  wide?: boolean
  /** Label of the reason and what to write; without it none is asked for. */
  reason?: { label: string; help?: string; optional?: boolean; initial?: string }
  /** False while something above the reason is still to be filled in: a press says so instead of acting. */
  ready?: boolean
  children?: ReactNode
  act: (reason: string) => Promise<unknown>
  onClose: () => void
}) {
  const t = useText(uiText)
  const id = useId()
  const [text, setText] = useState(reason?.initial ?? '')
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const go = async () => {
    if (!ready || (reason && !reason.optional && text.trim() === '')) return setMissing(true)
    if (busy) return
    setBusy(true)
    setError(null)
    try {
      await act(text.trim())
      onClose()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={title}
      wide={wide ?? false}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button kind={danger ? 'danger' : 'primary'} type="submit" form={id} busy={busy}>
            {verb}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="stack tight"
        onSubmit={(event) => {
          event.preventDefault()
          void go()
        }}
      >
        {children}
        {reason && (
          <LongField
            label={reason.label}
            help={reason.help}
            optional={reason.optional ?? false}
            error={missing && !reason.optional && text.trim() === '' ? t('required') : undefined}
            value={text}
            onChange={setText}
            maxLength={500}
            onKeyDown={(event) => {
              if (event.ctrlKey && event.key === 'Enter') void go()
            }}
          />
        )}
        {missing && !ready && <p className="breach">{t('fillAbove')}</p>}
        <ProblemAlert error={error} />
      </form>
    </Dialog>
  )
}
