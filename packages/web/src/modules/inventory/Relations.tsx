import type { ItemType } from '@changbai/contract/inventory.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { Button, ButtonLink, DecisionDialog, Loaded, SelectField, Sheet, TextField, useAct } from '../../shared/ui/index.ts'
import { RefField } from './edit/RefField.tsx'
import { inventoryText } from './inventoryText.ts'

export const places: Partial<Record<ItemType, string>> = {
  application: '/cloud/applications',
  server: '/cloud/servers',
  volume: '/cloud/volumes',
  network: '/cloud/networks',
  pool: '/cloud/pools',
  component: '/cloud/components',
  hardwareModel: '/cloud/hardware',
}

/** Kinds that can be lost or needed; the others are what things are made from. */
const onMap: readonly ItemType[] = ['application', 'server', 'volume', 'network', 'rack', 'component']

/** What hangs together with it, nearest first. */
export function Relations({ type, id }: { type: ItemType; id: string }) {
  const t = useText(inventoryText)
  const may = useMay()
  const refresh = useAct()
  const [stating, setStating] = useState(false)
  const [removing, setRemoving] = useState<{ id: string; name: string } | null>(null)
  const query = useQuery(ask('inventory.relations', { type, id, depth: 1 }))
  return (
    <Sheet
      flush
      title={t('relations')}
      acts={
        <>
          {onMap.includes(type) && (
            <ButtonLink size="small" to={`/cloud/map/${id}`}>
              {t('mapOpenMap')}
            </ButtonLink>
          )}
          {may('cmdb.write:U') && (
            <Button size="small" onClick={() => setStating(true)}>
              {t('addRelation')}
            </Button>
          )}
        </>
      }
    >
      <Loaded query={query} rows={3}>
        {({ nodes, edges, cut, stubs }) =>
          edges.length === 0 ? (
            <p className="second sheet-line">{t('relationsNone')}</p>
          ) : (
            <ul className="list">
              {edges.map((edge) => {
                const outward = edge.from === id
                const other = nodes.find((node) => node.id === (outward ? edge.to : edge.from))
                if (!other) return null
                const place = places[other.type]
                return (
                  <li key={`${edge.from}${edge.kind}${edge.to}`} className="row apart">
                    <span className="second">{outward ? t(edge.kind) : `← ${t(edge.kind)}`}</span>
                    <span className="grow">
                      {place ? <Link to={`${place}/${other.id}`}>{other.name}</Link> : <span>{other.name}</span>}
                      {edge.bundle && edge.bundle !== usual[edge.kind as Stated] && <span className="note"> {edge.bundle}</span>}
                      {edge.note && <span className="note"> {edge.note}</span>}
                    </span>
                    {edge.id && may('cmdb.write:U') && (
                      <button type="button" className="link" onClick={() => setRemoving({ id: edge.id ?? '', name: other.name })}>
                        {t('removeRelation')}
                      </button>
                    )}
                  </li>
                )
              })}
              {stubs.includes(id) && <li className="note">{t('relationStub')}</li>}
              {cut && <li className="note">{t('relationsCut')}</li>}
            </ul>
          )
        }
      </Loaded>
      {stating && <StateRelation type={type} id={id} onClose={() => setStating(false)} />}
      {removing && (
        <DecisionDialog
          danger
          title={`${t('removeRelation')} · ${removing.name}`}
          verb={t('removeRelation')}
          act={async () => {
            await call('inventory.unrelate', { id: removing.id })
            await refresh.run(async () => {})
          }}
          onClose={() => setRemoving(null)}
        >
          <p>{t('removeRelationHelp')}</p>
        </DecisionDialog>
      )}
    </Sheet>
  )
}

const related = ['application', 'server', 'volume', 'network', 'component', 'rack'] as const
const stated = ['DEPENDS_ON', 'RUNS_ON', 'CONNECTS_TO', 'ATTACHED_TO', 'PART_OF', 'IN_RACK', 'IN_ROOM', 'PROVIDED_BY'] as const
type Stated = (typeof stated)[number]
/** Connections and parts stand in for each other until somebody says otherwise. */
const usual: Partial<Record<Stated, string>> = { CONNECTS_TO: 'uplink', PART_OF: 'parts' }

/** A relation only people know of: this depends on, or connects to, another. */
function StateRelation({ type, id, onClose }: { type: ItemType; id: string; onClose: () => void }) {
  const t = useText(inventoryText)
  const refresh = useAct()
  const [kind, setKind] = useState<Stated>('DEPENDS_ON')
  const [bundle, setBundle] = useState('')
  const [needed, setNeeded] = useState('1')
  const [other, setOther] = useState<ItemType>(type)
  const [otherId, setOtherId] = useState('')
  const [note, setNote] = useState('')
  return (
    <DecisionDialog
      title={t('addRelation')}
      verb={t('addRelation')}
      ready={otherId !== ''}
      act={async () => {
        await call('inventory.relate', {
          kind,
          from: { type, id },
          to: { type: other, id: otherId },
          note,
          bundle,
          needed: Number(needed) || 1,
        })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      <div className="fields">
        <SelectField
          label={t('relationKind')}
          value={kind}
          options={stated.map((one) => [one, t(one)] as const)}
          onChange={(next) => {
            const chosen = stated.find((one) => one === next) ?? 'DEPENDS_ON'
            setKind(chosen)
            setBundle(usual[chosen] ?? '')
          }}
        />
        <SelectField
          label={t('relationType')}
          value={other}
          options={related.map((one) => [one, t(one)] as const)}
          onChange={(next) => {
            setOther((next || 'server') as ItemType)
            setOtherId('')
          }}
        />
        <RefField key={other} label={t('relationTo')} of={other} value={otherId} onChange={setOtherId} />
        <TextField label={t('relationBundle')} optional help={t('relationBundleHelp')} maxLength={60} value={bundle} onChange={setBundle} />
        {bundle !== '' && <TextField label={t('relationNeeded')} inputMode="numeric" value={needed} onChange={setNeeded} />}
        <TextField label={t('relationNote')} optional maxLength={200} value={note} onChange={setNote} />
      </div>
    </DecisionDialog>
  )
}
