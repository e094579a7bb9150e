import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useText } from '../text.ts'
import { uiText } from './uiText.ts'

const FIRST_ASKED = ['input:not([hidden]):not([readonly])', 'select', 'textarea'].map((one) => `.dialog-body ${one}`).join(', ')

/** For acts, never for reading. The browser's own dialog traps the focus and gives it back; Esc closes. */
export function Dialog({
  title,
  wide,
  full,
  onClose,
  foot,
  children,
}: {
  title: ReactNode
  wide?: boolean | undefined
  /** As large as the window: a drawing. */
  full?: boolean
  onClose: () => void
  foot?: ReactNode
  children: ReactNode
}) {
  const t = useText(uiText)
  const box = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = box.current
    const before = document.activeElement
    if (dialog && !dialog.open) {
      dialog.showModal()
      // the browser would take the close button; what is asked for comes first
      dialog.querySelector<HTMLElement>(FIRST_ASKED)?.focus()
    }
    return () => {
      if (dialog?.open) dialog.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={box}
      className={`dialog ${wide ? 'wide' : ''} ${full ? 'full' : ''}`}
      aria-labelledby={id}
      aria-modal="true"
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <div className="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="btn plain icon" aria-label={t('close')} onClick={onClose}>
          <X size={18} strokeWidth={1.6} />
        </button>
      </div>
      <div className="dialog-body">{children}</div>
      {foot && <div className="dialog-foot">{foot}</div>}
    </dialog>
  )
}

/** A button that opens a small list of acts or links; closes on a choice, a press elsewhere, or Esc. */
export function Menu({
  label,
  button,
  buttonClass = 'btn',
  align = 'right',
  children,
}: {
  label?: string
  button: ReactNode
  buttonClass?: string
  align?: 'left' | 'right'
  children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    if (!open) return
    const away = (event: Event) => {
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !box.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', away)
    document.addEventListener('keydown', away)
    return () => {
      document.removeEventListener('pointerdown', away)
      document.removeEventListener('keydown', away)
    }
  }, [open])
  return (
    <span className="anchor" ref={box}>
      <button type="button" className={buttonClass} aria-label={label} aria-expanded={open} onClick={() => setOpen(!open)}>
        {button}
      </button>
      {open && (
        // biome-ignore lint/a11y/noStaticElementInteractions: closes after a press on one of the buttons or links inside, which are the controls
        // biome-ignore lint/a11y/useKeyWithClickEvents: a key press on those is a click too
        <div className="menu" style={{ [align]: 0, top: 'calc(100% + 4px)' }} onClick={() => setOpen(false)}>
          {children}
        </div>
      )}
    </span>
  )
}

/** A few choices of which one holds. */
export const Segments = <V extends string>({
  value,
  options,
  onChange,
  label,
}: {
  value: V
  options: readonly (readonly [V, ReactNode])[]
  onChange: (value: V) => void
  label: string
}) => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a bar in the browsers we support
  <div className="segments" role="group" aria-label={label}>
    {options.map(([key, word]) => (
      <button type="button" key={key} aria-pressed={key === value} onClick={() => onChange(key)}>
        {word}
      </button>
    ))}
  </div>
)

export const Tabs = <V extends string>({
  value,
  options,
  onChange,
  label,
}: {
  value: V
  options: readonly (readonly [V, ReactNode])[]
  onChange: (value: V) => void
  label: string
}) => (
  <div className="tabs" role="tablist" aria-label={label}>
    {options.map(([key, word]) => (
      <button type="button" role="tab" key={key} aria-selected={key === value} onClick={() => onChange(key)}>
        {word}
      </button>
    ))}
  </div>
)
