import { useQuery } from '@tanstack/react-query'
import { ask } from '../../shared/call.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Loaded, Sheet, Status } from '../../shared/ui/index.ts'
import { dutyText } from './dutyText.ts'

/** Who is on duty this minute, with the telephone of the line. */
export function OnDutyNow() {
  const say = useText(dutyText)
  const lang = useLanguage()
  const query = useQuery({ ...ask('duty.now', {}), refetchInterval: 60_000 })
  return (
    <Sheet title={say('now')} flush>
      <Loaded query={query} rows={3}>
        {({ lines }) => (
          <table className="grid">
            <tbody>
              {lines.map(({ line, phone, open, shift }) => (
                <tr key={line}>
                  <td>
                    <strong>{say(line)}</strong>
                    {phone && (
                      <div>
                        <a href={`tel:${phone.replace(/[^\d+]/g, '')}`}>{phone}</a>
                      </div>
                    )}
                  </td>
                  <td>
                    {shift ? (
                      <>
                        {shift.primary.name}{' '}
                        <span className="second">
                          {say('backup')} {shift.backup.name}
                        </span>
                        <div className="second">{say('until', { at: listTime(shift.endsAt, lang) })}</div>
                      </>
                    ) : (
                      <Status state={open ? 'breach' : 'none'}>{say(open ? 'nobody' : 'closedNow')}</Status>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Sheet>
  )
}
