import type { Shift } from '@changbai/contract/duty.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useSession } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { DecisionDialog, LongField, SelectField, useAct } from '../../shared/ui/index.ts'
import { dutyText } from './dutyText.ts'
import { spanWords } from './spanWords.ts'

const useOfficers = (line: Shift['line']) => {
  const query = useQuery(ask('duty.officers', {}))
  return (query.data?.items ?? []).filter((one) => one.lines.includes(line)).map((one) => [one.person.id, one.person.name] as const)
}

export function SwapDialog({ shift, onClose }: { shift: Shift; onClose: () => void }) {
  const say = useText(dutyText)
  const { runOrThrow } = useAct()
  const [toId, setToId] = useState('')
  const options = useOfficers(shift.line).filter(([id]) => id !== shift.primary.id && id !== shift.backup.id)
  return (
    <DecisionDialog
      title={say('askSwap')}
      verb={say('send')}
      ready={toId !== ''}
      reason={{ label: say('reason') }}
      act={(reason) => runOrThrow(() => call('duty.askSwap', { shiftId: shift.id, toId, reason }))}
      onClose={onClose}
    >
      <p>
        {say(shift.line)} {listTime(shift.startsAt)} {spanWords(shift)}
      </p>
      <SelectField label={say('to')} value={toId} onChange={setToId} options={options} />
    </DecisionDialog>
  )
}

export function GiveDialog({ shift, onClose }: { shift: Shift; onClose: () => void }) {
  const say = useText(dutyText)
  const { runOrThrow } = useAct()
  const me = useSession()?.person.id
  const [toId, setToId] = useState('')
  const [items, setItems] = useState('')
  const options = useOfficers(shift.line).filter(([id]) => id !== me)
  return (
    <DecisionDialog
      title={say('give')}
      verb={say('send')}
      ready={toId !== ''}
      reason={{ label: say('note') }}
      act={(note) =>
        runOrThrow(() =>
          call('duty.giveHandOver', {
            shiftId: shift.id,
            toId,
            note,
            openItems: items
              .split('\n')
              .map((one) => one.trim())
              .filter(Boolean),
          }),
        )
      }
      onClose={onClose}
    >
      <SelectField label={say('receiver')} value={toId} onChange={setToId} options={options} />
      <LongField label={say('openItems')} optional value={items} onChange={setItems} maxLength={2000} />
    </DecisionDialog>
  )
}
