import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../../shared/call.ts'
import { usePhone } from '../../shared/clock.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, Loaded, PageTitle, Sheet, Skeleton } from '../../shared/ui/index.ts'
import { ChangeList } from './DefinitionsPage.tsx'
import { definitionText } from './definitionText.ts'

const DiagramCanvas = lazy(() => import('./DiagramCanvas.tsx'))
const Modeller = lazy(() => import('./Modeller.tsx'))
const NOTHING = { active: [], passed: [], flows: [], failed: [], badges: [], loops: [] }

/** One process: its diagram, its versions and what each changed; administrators edit it here. */
export function DefinitionPage() {
  const { key } = useParams({ strict: false }) as { key: string }
  const say = useText(definitionText)
  const lang = useLanguage()
  const may = useMay()
  const phone = usePhone()
  const versions = useQuery(ask('process.versions', { key }))
  const newest = versions.data?.items[0]
  const [picked, setPicked] = useState<number | null>(null)
  const [editing, setEditing] = useState(false)
  const version = picked ?? newest?.version ?? 0
  const definition = useQuery({ ...ask('process.definitionXml', { key, version }), enabled: version > 0 })
  const changes = useQuery({ ...ask('process.compare', { key, from: version - 1, to: String(version) }), enabled: version > 1 })
  return (
    <div className="page">
      <PageTitle
        title={newest?.name ?? key}
        sentence={<code>{key}</code>}
        acts={
          may('process.definition.edit:C') &&
          (phone ? <span className="second">{say('opened')}</span> : <Button onClick={() => setEditing((on) => !on)}>{say('edit')}</Button>)
        }
      />
      <div className="stack">
        <Sheet flush>
          <Loaded query={definition} rows={6}>
            {(data) => (
              <Suspense fallback={<Skeleton rows={6} />}>
                {editing ? (
                  <Modeller definitionKey={key} name={data.name} xml={data.xml} onDone={() => setEditing(false)} />
                ) : (
                  <DiagramCanvas view={{ xml: data.xml, ...NOTHING }} />
                )}
              </Suspense>
            )}
          </Loaded>
        </Sheet>
        <Sheet title={say('versions')} flush>
          <Loaded query={versions} rows={3}>
            {({ items }) => (
              <table className="grid">
                <tbody>
                  {items.map((item) => (
                    <tr key={item.version}>
                      <td>
                        <button
                          type="button"
                          className="link"
                          aria-current={item.version === version}
                          onClick={() => setPicked(item.version)}
                        >
                          {say('version')} {item.version}
                        </button>
                      </td>
                      <td>{listTime(item.deployedAt, lang)}</td>
                      <td>{item.deployedBy.name}</td>
                      <td>{item.reason}</td>
                      <td className="num">
                        {say('open')} {item.openInstances}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </Loaded>
        </Sheet>
        {changes.data && (
          <Sheet title={say('compare')} flush>
            <ChangeList changes={changes.data.changes} />
          </Sheet>
        )}
      </div>
    </div>
  )
}
