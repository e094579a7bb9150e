import { CloudOff, CloudUpload } from 'lucide-react'
import { useText } from '../text.ts'
import { clockSeconds } from '../time.ts'
import type { SaveState } from './autosave.ts'
import { Status } from './StatusGlyph.tsx'
import { uiText } from './uiText.ts'

/** Beside the title: whether what was typed is safe, and since when. */
export function SaveLine({ state }: { state: SaveState }) {
  const t = useText(uiText)
  if (state.kind === 'clean') return null
  if (state.kind === 'saved')
    return (
      <span className="kept" role="status">
        <CloudUpload size={14} strokeWidth={1.6} aria-hidden="true" /> {t('savedAt', { at: clockSeconds(state.at) })}
      </span>
    )
  if (state.kind === 'saving' || state.kind === 'unsaved') return <span className="ink3">{t(state.kind)}</span>
  if (state.kind === 'kept')
    return (
      <span className="unknown" role="status">
        <CloudOff size={14} strokeWidth={1.6} aria-hidden="true" /> {t('offlineKept')}
      </span>
    )
  return (
    <Status state="breach">
      {state.kind === 'conflict' ? t('conflict') : state.problem instanceof Error ? state.problem.message : t('loadFailed')}
    </Status>
  )
}
