import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../shared/call.ts'
import { pick, useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Dialog, EmptyState, Loaded, SelectField } from '../../shared/ui/index.ts'
import { formText } from './words.ts'

/** Two versions of a form, field by field: only what differs, both values side by side, each marked as added, removed or changed. */
export function VersionDialog({ formId, title, onClose }: { formId: string; title: string; onClose: () => void }) {
  const say = useText(formText)
  const lang = useLanguage()
  const versions = useQuery(ask('form.versions', { formId }))
  const [chosen, setChosen] = useState<{ from?: string; to?: string }>({})
  const items = versions.data?.items ?? []
  const numbers = items.map((one) => one.version).sort((a, b) => a - b)
  const last = numbers.at(-1) ?? 0
  // the last two hand-ins, or the only one against what stands there now
  const from = Number(chosen.from ?? numbers.at(-2) ?? last)
  const to = Number(chosen.to ?? (numbers.length > 1 ? last : 0))
  const compared = useQuery({ ...ask('form.compare', { formId, from, to }), enabled: numbers.length > 0 && from !== to })
  const options = [
    ...items.map(
      (one) =>
        [
          String(one.version),
          `${say('versionOf', { n: one.version })} · ${say(one.reason)} · ${one.savedBy} ${listTime(one.savedAt, lang)}`,
        ] as const,
    ),
    ['0', say('versionNow')] as const,
  ]
  return (
    <Dialog wide title={`${say('versions')} · ${title}`} onClose={onClose}>
      <Loaded query={versions}>
        {() =>
          items.length === 0 ? (
            <EmptyState title={say('noVersions')} />
          ) : (
            <>
              <div className="fields">
                <SelectField
                  label={say('versionFrom')}
                  value={String(from)}
                  options={options}
                  onChange={(value) => setChosen({ ...chosen, from: value })}
                />
                <SelectField
                  label={say('versionTo')}
                  value={String(to)}
                  options={options}
                  onChange={(value) => setChosen({ ...chosen, to: value })}
                />
              </div>
              {from === to ? (
                <EmptyState title={say('same')} />
              ) : (
                <Loaded query={compared}>
                  {({ differences }) =>
                    differences.length === 0 ? (
                      <EmptyState title={say('same')} />
                    ) : (
                      <>
                        <p className="second">{say('differences', { count: differences.length })}</p>
                        <div className="table-scroll">
                          <table className="grid versions">
                            <thead>
                              <tr>
                                <th>{say('field')}</th>
                                <th>{say('change')}</th>
                                <th>{say('before')}</th>
                                <th>{say('after')}</th>
                              </tr>
                            </thead>
                            <tbody>
                              {differences.map((one) => (
                                <tr key={one.path}>
                                  <td>
                                    <span className="form-step-number">{one.section}</span> {pick(one.label)}
                                    {/\.\d+/.test(one.path) && <span className="note"> {placeOf(one.path)}</span>}
                                  </td>
                                  <td className={`version-${one.change.toLowerCase()}`}>{say(one.change)}</td>
                                  <td>{one.before === null ? '—' : <del>{one.before}</del>}</td>
                                  <td>{one.after === null ? '—' : <ins>{one.after}</ins>}</td>
                                </tr>
                              ))}
                            </tbody>
                          </table>
                        </div>
                      </>
                    )
                  }
                </Loaded>
              )}
            </>
          )
        }
      </Loaded>
    </Dialog>
  )
}

/** `vmItems.0.count` is row 1. */
const placeOf = (path: string): string => {
  const row = /\.(\d+)(\.|$)/.exec(path)?.[1]
  return row === undefined ? '' : `#${Number(row) + 1}`
}
