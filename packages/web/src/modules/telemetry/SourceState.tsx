import type { TelemetrySource } from '@changbai/contract/telemetry.ts'
import { call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, type State, Status, useAct } from '../../shared/ui/index.ts'
import { telemetryText } from './telemetryText.ts'

const glyphs: Record<TelemetrySource['state'], State> = { PENDING: 'running', ACTIVE: 'kept', REVOKED: 'none' }

/** Whether a source may send and does, with the verbs of whoever decides. */
export function SourceState({ source }: { source: TelemetrySource }) {
  const t = useText(telemetryText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const decide = (approve: boolean) => void act.run(() => call('telemetry.decideSource', { sourceId: source.id, approve }))
  return (
    <span className="row wrap">
      {source.silentSince ? (
        <Status state="breach">{t('silentSince', { at: listTime(source.silentSince, lang) })}</Status>
      ) : (
        <Status state={glyphs[source.state]}>{t(source.state)}</Status>
      )}
      {may('source.token:A') && source.state !== 'ACTIVE' && (
        <Button size="small" busy={act.busy} onClick={() => decide(true)}>
          {t('approve')}
        </Button>
      )}
      {may('source.token:A') && source.state !== 'REVOKED' && (
        <Button size="small" busy={act.busy} onClick={() => decide(false)}>
          {t('revoke')}
        </Button>
      )}
    </span>
  )
}
