import type { DefinitionBrief } from '@changbai/contract/process.ts'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Maximize2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../../shared/call.ts'
import { usePhone } from '../../shared/clock.ts'
import { useMay } from '../../shared/session.ts'
import { stepWord } from '../../shared/steps.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, Dialog, Loaded, PageTitle, SelectField, Sheet, Skeleton } from '../../shared/ui/index.ts'
import { ChangeList } from './ChangeList.tsx'
import { definitionText } from './definitionText.ts'
import { MigrationDialog } from './Migration.tsx'
import { makerWord, reasonWord } from './names.ts'

const DiagramCanvas = lazy(() => import('./DiagramCanvas.tsx'))
const Modeller = lazy(() => import('./Modeller.tsx'))
const NOTHING = { active: [], passed: [], flows: [], failed: [], badges: [], loops: [] }

/** One process: its diagram, its versions and what each changed; administrators edit it here and move what is under way. */
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
  const [large, setLarge] = useState(false)
  const [moving, setMoving] = useState(false)
  const [handedIn, setHandedIn] = useState(false)
  const version = picked ?? newest?.version ?? 0
  const definition = useQuery({ ...ask('process.definitionXml', { key, version }), enabled: version > 0 })
  const open = versions.data?.items.reduce((sum, item) => sum + item.openInstances, 0) ?? 0
  const behind = versions.data?.items.some((item) => item.version !== newest?.version && item.openInstances > 0) ?? false
  return (
    <div className="page">
      <PageTitle
        title={stepWord(newest?.name ?? key, lang)}
        sentence={newest && say('inForce', { n: newest.version, at: listTime(newest.deployedAt, lang), count: open })}
        acts={
          <>
            {behind && may('process.instance.migrate:X') && <Button onClick={() => setMoving(true)}>{say('migrate')}</Button>}
            {may('process.definition.edit:C') &&
              (phone ? (
                <span className="second">{say('opened')}</span>
              ) : (
                <Button kind={editing ? 'plain' : 'primary'} onClick={() => setEditing((on) => !on)}>
                  {say(editing ? 'leaveEditing' : 'edit')}
                </Button>
              ))}
          </>
        }
      />
      {handedIn && (
        <p className="notice" role="status">
          {say('proposed')}
        </p>
      )}
      <div className="stack">
        <Sheet
          title={editing ? say('modeller', { name: stepWord(newest?.name ?? key, lang) }) : say('versionTitle', { n: version })}
          note={editing ? say('modellerNote') : <code>{key}</code>}
          acts={
            !editing &&
            !phone && (
              <button
                type="button"
                className="btn plain icon"
                aria-label={say('enlarge')}
                title={say('enlarge')}
                onClick={() => setLarge(true)}
              >
                <Maximize2 size={16} strokeWidth={1.6} />
              </button>
            )
          }
          flush
        >
          <Loaded query={definition} rows={6}>
            {(data) => (
              <Suspense fallback={<Skeleton rows={6} />}>
                {editing ? (
                  <Modeller
                    definitionKey={key}
                    xml={data.xml}
                    onDone={() => {
                      setEditing(false)
                      setHandedIn(true)
                    }}
                  />
                ) : (
                  <DiagramCanvas view={{ xml: data.xml, ...NOTHING }} plain />
                )}
                {large && (
                  <Dialog title={stepWord(data.name, lang)} full onClose={() => setLarge(false)}>
                    <DiagramCanvas view={{ xml: data.xml, ...NOTHING }} plain whole />
                  </Dialog>
                )}
              </Suspense>
            )}
          </Loaded>
        </Sheet>
        <Loaded query={versions} rows={3}>
          {({ items }) => (
            <>
              <Versions items={items} shown={version} onPick={setPicked} />
              {items.length > 1 && <Compare definitionKey={key} items={items} />}
            </>
          )}
        </Loaded>
      </div>
      {moving && newest && (
        <MigrationDialog definitionKey={key} toVersion={newest.version} xml={definition.data?.xml ?? ''} onClose={() => setMoving(false)} />
      )}
    </div>
  )
}

function Versions({ items, shown, onPick }: { items: readonly DefinitionBrief[]; shown: number; onPick(version: number): void }) {
  const say = useText(definitionText)
  const lang = useLanguage()
  return (
    <Sheet title={say('versions')} flush>
      <div className="grid-scroll">
        <table className="grid">
          <thead>
            <tr>
              <th>{say('version')}</th>
              <th>{say('deployed')}</th>
              <th>{say('by')}</th>
              <th>{say('approvedBy')}</th>
              <th>{say('reason')}</th>
              <th className="num">{say('open')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.version} className={item.version === shown ? 'chosen' : ''}>
                <td>
                  <button type="button" className="link" aria-current={item.version === shown} onClick={() => onPick(item.version)}>
                    {say('versionTitle', { n: item.version })}
                  </button>
                </td>
                <td>{listTime(item.deployedAt, lang)}</td>
                <td>{makerWord(item.deployedBy, lang)}</td>
                <td>{item.approvedBy?.name ?? '—'}</td>
                <td>{reasonWord(item.reason, lang)}</td>
                <td className="num">{item.openInstances}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Sheet>
  )
}

/** Two versions of the file, element by element. */
function Compare({ definitionKey, items }: { definitionKey: string; items: readonly DefinitionBrief[] }) {
  const say = useText(definitionText)
  const [from, setFrom] = useState(items[1]?.version ?? 1)
  const [to, setTo] = useState(items[0]?.version ?? 1)
  const changes = useQuery({ ...ask('process.compare', { key: definitionKey, from, to: String(to) }), enabled: from !== to })
  const options = items.map((item) => [String(item.version), say('versionTitle', { n: item.version })] as const)
  return (
    <Sheet title={say('compare')} flush>
      <div className="sheet-line">
        <div className="fields">
          <SelectField
            label={say('compareFrom')}
            value={String(from)}
            options={options}
            onChange={(value) => setFrom(Number(value) || from)}
          />
          <SelectField label={say('compareTo')} value={String(to)} options={options} onChange={(value) => setTo(Number(value) || to)} />
        </div>
      </div>
      {from === to ? (
        <p className="second sheet-line">{say('noChanges')}</p>
      ) : (
        <Loaded query={changes} rows={3}>
          {(data) => <ChangeList changes={data.changes} />}
        </Loaded>
      )}
    </Sheet>
  )
}
