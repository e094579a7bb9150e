import type { LogLine } from '@changbai/contract/log.ts'
import { useText } from '../../shared/text.ts'
import { recordTime } from '../../shared/time.ts'
import { Button, type State, Status } from '../../shared/ui/index.ts'
import { logText } from './logText.ts'

const glyphOf = (severity: number): State => (severity <= 3 ? 'breach' : severity === 4 ? 'risk' : 'none')
/** A device whose clock is further off than this is told of beside its line. */
const CLOCK_MS = 120_000
const SEVERITIES = ['s-0', 's-1', 's-2', 's-3', 's-4', 's-5', 's-6', 's-7'] as const

/** Lines as they came, newest first; a press on a device shows its lines alone. */
export function LogLines({ lines, onDevice }: { lines: readonly LogLine[]; onDevice: (device: string) => void }) {
  const t = useText(logText)
  return (
    <div className="grid-scroll">
      <table className="grid log-grid">
        <thead>
          <tr>
            <th>{t('received')}</th>
            <th>{t('severity')}</th>
            <th>{t('device')}</th>
            <th>{t('text')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id}>
              <td className="num">
                {recordTime(line.receivedAt)}
                {line.sentAt && Math.abs(Date.parse(line.sentAt) - Date.parse(line.receivedAt)) > CLOCK_MS && (
                  <div className="note">{t('clockOff', { at: recordTime(line.sentAt) })}</div>
                )}
              </td>
              <td>
                <Status state={glyphOf(line.severity)}>{t(SEVERITIES[line.severity] ?? 's-7')}</Status>
              </td>
              <td>
                <Button kind="link" onClick={() => onDevice(line.device)}>
                  {line.device}
                </Button>
              </td>
              <td className="mono log-text">
                {line.app && <span className="second">{line.app}: </span>}
                {line.text}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
