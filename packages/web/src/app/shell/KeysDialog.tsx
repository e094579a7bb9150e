import { useText } from '../../shared/text.ts'
import { Dialog } from '../../shared/ui/Dialog.tsx'
import { appText } from '../appText.ts'
import { type Area, settingsArea } from '../areas.ts'

export function KeysDialog({ areas, onClose }: { areas: readonly Area[]; onClose: () => void }) {
  const t = useText(appText)
  const lines = [
    ['Ctrl K', t('keySearchAll')],
    ['/', t('keySearch')],
    ['↑ ↓  J K', t('keyMove')],
    ['Enter', t('keyOpen')],
    ['X', t('keySelect')],
    ['R', t('keyMerge')],
    ['E', t('keyPrimary')],
    ['Ctrl Enter', t('keySend')],
    ['Ctrl S', t('keySave')],
    ['Esc', t('keyBack')],
    ['?', t('keyList')],
    ...[...areas, settingsArea].map((area) => [`G ${area.letter.toUpperCase()}`, t(area.key)]),
  ]
  return (
    <Dialog title={t('keysTitle')} onClose={onClose}>
      <p className="note">{t('keyAreas')}</p>
      <dl className="keys">
        {lines.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
