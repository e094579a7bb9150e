import type { DefinitionChange } from '@changbai/contract/process.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { definitionText } from './definitionText.ts'
import { propertyWord } from './properties.ts'

type Change = typeof DefinitionChange._output

/** What differs between two versions, element by element. A shape that only moved is said last and shortly. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  const say = useText(definitionText)
  const lang = useLanguage()
  const said = changes.filter((change) => change.kind !== 'MOVED')
  const moved = changes.length - said.length
  if (changes.length === 0) return <p className="second sheet-line">{say('noChanges')}</p>
  return (
    <>
      {said.length > 0 && (
        <div className="grid-scroll">
          <table className="grid">
            <thead>
              <tr>
                <th>{say('element')}</th>
                <th>{say('change')}</th>
                <th>{say('before')}</th>
                <th>{say('after')}</th>
              </tr>
            </thead>
            <tbody>
              {said.flatMap((change) =>
                (change.attributes.length > 0 ? change.attributes : [null]).map((one, index) => (
                  <tr key={`${change.kind}${change.element}${one?.name ?? ''}`}>
                    <td>
                      {index === 0 && (
                        <>
                          <span className="strong">{change.name ? stepWord(change.name, lang) : change.type}</span>{' '}
                          <code className="note">{change.element}</code>
                        </>
                      )}
                    </td>
                    <td>{one ? propertyWord(one.name, lang) : say(change.kind)}</td>
                    <td>{one?.from ?? '—'}</td>
                    <td>{one?.to ?? '—'}</td>
                  </tr>
                )),
              )}
            </tbody>
          </table>
        </div>
      )}
      {moved > 0 && <p className="second sheet-line">{say('movedOnly', { count: moved })}</p>}
    </>
  )
}
