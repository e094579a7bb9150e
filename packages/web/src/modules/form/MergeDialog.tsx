import type { FormView } from '@changbai/contract/forms.ts'
import { useState } from 'react'
import { pick, useText } from '../../shared/text.ts'
import { Button, Dialog, Segments } from '../../shared/ui/index.ts'
import type { FormDraft } from './draft.ts'
import { FieldValue } from './FieldValue.tsx'
import { fieldMap } from './fields.ts'
import { formText } from './words.ts'

/** Two people wrote into the same fields: both values side by side, one choice a field, nothing lost before it is made. */
export function MergeDialog({ draft, view }: { draft: FormDraft; view: FormView }) {
  const say = useText(formText)
  const [mine, setMine] = useState<ReadonlySet<string>>(() => new Set(draft.conflicts.map((one) => one.path)))
  const fields = fieldMap(view.kind)
  const settle = () => draft.settle(mine)
  return (
    <Dialog
      wide
      title={say('mergeTitle', { count: draft.conflicts.length })}
      onClose={settle}
      foot={
        <Button kind="primary" onClick={settle}>
          {say('mergeSave')}
        </Button>
      }
    >
      <p className="second">{say('mergeHelp')}</p>
      {draft.conflicts.map(({ path, theirs, by }) => {
        const name = path.split('.')[0] as string
        const field = fields.get(name)
        if (!field) return null
        return (
          <section key={path} className="merge-field">
            <div className="row apart">
              <h3>{pick(field.label)}</h3>
              <Segments
                label={pick(field.label)}
                value={mine.has(path) ? 'mine' : 'theirs'}
                options={[
                  ['mine', say('keepMine')],
                  ['theirs', say('takeTheirs', { by })],
                ]}
                onChange={(side) =>
                  setMine((before) => {
                    const after = new Set(before)
                    if (side === 'mine') after.add(path)
                    else after.delete(path)
                    return after
                  })
                }
              />
            </div>
            <div className="merge-sides">
              <div className={mine.has(path) ? 'taken' : ''}>
                <h4>{say('mine')}</h4>
                <FieldValue field={field} value={draft.content[name]} />
              </div>
              <div className={mine.has(path) ? '' : 'taken'}>
                <h4>{say('theirsOf', { by })}</h4>
                <FieldValue field={field} value={theirs} />
              </div>
            </div>
          </section>
        )
      })}
    </Dialog>
  )
}
