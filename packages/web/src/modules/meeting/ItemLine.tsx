import type { MeetingItem } from '@changbai/contract/meeting.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, DecisionDialog, Status, useAct } from '../../shared/ui/index.ts'
import { meetingText } from './meetingText.ts'

/** A decision or follow-up; its owner finishes it with a note. */
export function ItemLine({ item }: { item: MeetingItem }) {
  const t = useText(meetingText)
  const lang = useLanguage()
  const may = useMay()
  const act = useAct()
  const [finishing, setFinishing] = useState(false)
  return (
    <li>
      <div className="row wrap apart">
        <span className="grow">
          <b>{item.text}</b> <span className="note">{`${t(item.kind)} · ${item.week} · ${item.ownerName} · ${item.dueOn}`}</span>
        </span>
        <Status state={item.doneAt ? 'kept' : item.overdue ? 'breach' : 'todo'} quiet={item.doneAt !== null}>
          {t(item.doneAt ? 'done' : item.overdue ? 'overdue' : 'open')}
        </Status>
        {!item.doneAt && (item.mine || may('meeting.minutes:C')) && (
          <Button size="small" onClick={() => setFinishing(true)}>
            {t('done')}
          </Button>
        )}
      </div>
      {item.doneAt && <p className="note">{t('doneAt', { at: listTime(item.doneAt, lang), note: item.doneNote })}</p>}
      {finishing && (
        <DecisionDialog
          title={t('doneTitle', { text: item.text })}
          verb={t('done')}
          reason={{ label: t('note') }}
          act={(note) => act.runOrThrow(() => call('meeting.finishItem', { itemId: item.id, note }))}
          onClose={() => setFinishing(false)}
        />
      )}
    </li>
  )
}
