import type { TaskDetail } from '@changbai/contract/process.ts'
import { Plus, X } from 'lucide-react'
import { call } from '../../shared/call.ts'
import { useKept } from '../../shared/kept.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { Button, DecisionDialog, SelectField, TextField, useAct } from '../../shared/ui/index.ts'
import { outcomeVerb } from './names.ts'
import { processText } from './processText.ts'

interface Draft {
  toNode: string
  points: { field: string; text: string }[]
}
const POINTS_MAX = 20

/** 退回: to which finished step, and what is to be corrected, point by point. The next hand-in comes straight back to the one who returned it. */
export function ReturnDialog({ task, comment, onDone, onClose }: { task: TaskDetail; comment: string; onDone(): void; onClose(): void }) {
  const say = useText(processText)
  const lang = useLanguage()
  const act = useAct()
  const verb = outcomeVerb('RETURN', lang)
  const [draft, setDraft, drop] = useKept<Draft>(`return.${task.id}`, {
    toNode: task.returnDefault ?? task.returnTo[0]?.node ?? '',
    points: [{ field: '', text: '' }],
  })
  const { toNode, points } = draft
  const setPoints = (next: Draft['points']): void => setDraft((before) => ({ ...before, points: next }))
  const change = (index: number, to: Partial<Draft['points'][number]>): void =>
    setPoints(points.map((point, at) => (at === index ? { ...point, ...to } : point)))
  const said = points.filter((point) => point.text.trim() !== '')
  const target = task.returnTo.find((one) => one.node === toNode)
  const send = async (words: string): Promise<void> => {
    await act.runOrThrow(() => call('process.return', { taskId: task.id, toNode, reasons: said, comment: words, rev: task.rev }))
    drop()
    onDone()
  }
  return (
    <DecisionDialog
      title={`${verb} · ${task.title}`}
      verb={verb}
      wide
      reason={{ label: say('opinion'), optional: true, initial: comment }}
      ready={said.length > 0}
      act={send}
      onClose={onClose}
    >
      {task.returnTo.length > 1 ? (
        <SelectField
          label={say('returnTo')}
          value={toNode}
          options={task.returnTo.map(
            (one) => [one.node, say('returnTarget', { step: stepWord(one.name, lang), who: one.doneBy.name })] as const,
          )}
          onChange={(node) => setDraft((before) => ({ ...before, toNode: node }))}
        />
      ) : (
        target && <p>{say('returnHelp', { step: stepWord(target.name, lang), who: target.doneBy.name })}</p>
      )}
      {points.map((point, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: points have no identity but their place
        <div key={index} className="point">
          <TextField
            label={say('returnField')}
            optional
            placeholder={say('returnFieldHint')}
            value={point.field}
            maxLength={200}
            onChange={(field) => change(index, { field })}
          />
          <TextField
            label={say('returnWhy', { n: index + 1 })}
            value={point.text}
            maxLength={500}
            onChange={(text) => change(index, { text })}
          />
          {points.length > 1 && (
            <button
              type="button"
              className="btn plain icon"
              aria-label={say('dropPoint', { n: index + 1 })}
              onClick={() => setPoints(points.filter((_, at) => at !== index))}
            >
              <X size={16} strokeWidth={1.6} />
            </button>
          )}
        </div>
      ))}
      {points.length < POINTS_MAX && (
        <div>
          <Button kind="plain" icon={<Plus size={16} strokeWidth={1.6} />} onClick={() => setPoints([...points, { field: '', text: '' }])}>
            {say('addPoint')}
          </Button>
        </div>
      )}
    </DecisionDialog>
  )
}
