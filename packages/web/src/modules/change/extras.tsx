import type { ChangeDetail } from '@changbai/contract/change.shapes.ts'
import { useEffect, useState } from 'react'
import { useText } from '../../shared/text.ts'
import { fromWall, toWall } from '../../shared/time.ts'
import { MinuteField } from '../../shared/ui/index.ts'
import type { Extra } from '../process/index.ts'
import { changeText } from './changeText.ts'

/** The part of a change's steps that is more than words: another window. */
export function extraFor(formKey: string, change: ChangeDetail): Extra | undefined {
  if (formKey === 'change.rearrange')
    return ({ outcome, onChange }) => (outcome === 'CANCEL' ? null : <OtherWindow change={change} give={onChange} />)
  return undefined
}

function OtherWindow({ change, give }: { change: ChangeDetail; give: (data: Record<string, unknown>) => void }) {
  const say = useText(changeText)
  const [from, setFrom] = useState(change.windowFrom ? toWall(change.windowFrom) : '')
  const [to, setTo] = useState(change.windowTo ? toWall(change.windowTo) : '')
  useEffect(() => {
    give({ windowFrom: from ? fromWall(from) : null, windowTo: to ? fromWall(to) : null })
  }, [from, to, give])
  return (
    <div className="fields">
      <MinuteField label={say('windowFrom')} value={from} onChange={setFrom} />
      <MinuteField label={say('windowTo')} value={to} onChange={setTo} />
    </div>
  )
}
