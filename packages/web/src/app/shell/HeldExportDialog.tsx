import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { call, type HeldExport, onExportHeld } from '../../shared/call.ts'
import { useText } from '../../shared/text.ts'
import { Button, DecisionDialog, Dialog } from '../../shared/ui/index.ts'
import { heldText } from './heldText.ts'

/** Whatever page an export was held back on: asks what it is for, and says where it can be taken. */
export function HeldExportDialog() {
  const t = useText(heldText)
  const [held, setHeld] = useState<HeldExport | null>(null)
  const [number, setNumber] = useState<string | null>(null)
  useEffect(() => onExportHeld(setHeld), [])
  if (number)
    return (
      <Dialog title={t('title')} onClose={() => setNumber(null)} foot={<Button onClick={() => setNumber(null)}>{t('close')}</Button>}>
        <p>
          {t('asked', { number })}。{' '}
          <Link to="/records/exports" onClick={() => setNumber(null)}>
            {t('mine')}
          </Link>
        </p>
      </Dialog>
    )
  if (!held) return null
  const ask = async (reason: string) => {
    const { number: given } = await call('exports.ask', { path: held.path, input: held.input, reason })
    setNumber(given)
  }
  return (
    <DecisionDialog
      title={t('title')}
      verb={t('ask')}
      reason={{ label: t('reason'), help: t('reasonHelp') }}
      act={ask}
      onClose={() => setHeld(null)}
    >
      <p>{held.problem.message}</p>
      <p className="note">{t('why')}</p>
    </DecisionDialog>
  )
}
