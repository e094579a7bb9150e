import type { ItemType } from '@changbai/contract/inventory.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { Button, DecisionDialog, Loaded, SelectField, Sheet, TextField, useAct } from '../../shared/ui/index.ts'
import { RefField } from './edit/RefField.tsx'
import { inventoryText } from './inventoryText.ts'

const places: Partial<Record<ItemType, string>> = {
  application: '/cloud/applications',
  server: '/cloud/servers',
  volume: '/cloud/volumes',
  network: '/cloud/networks',
  pool: '/cloud/pools',
  hardwareModel: '/cloud/hardware',
}

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
        may('cmdb.write:U') && (
          <Button size="small" onClick={() => setStating(true)}>
            {t('addRelation')}
          </Button>
        )
      }
    >
      <Loaded query={query} rows={3}>
        {({ nodes, edges, cut }) =>
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

const related = ['application', 'server', 'volume', 'network', 'pool', 'rack'] as const

/** A relation only people know of: this depends on, or connects to, another. */
function StateRelation({ type, id, onClose }: { type: ItemType; id: string; onClose: () => void }) {
  const t = useText(inventoryText)
  const refresh = useAct()
  const [kind, setKind] = useState<'DEPENDS_ON' | 'CONNECTS_TO'>('DEPENDS_ON')
  const [other, setOther] = useState<ItemType>(type)
  const [otherId, setOtherId] = useState('')
  const [note, setNote] = useState('')
  return (
    <DecisionDialog
      title={t('addRelation')}
      verb={t('addRelation')}
      ready={otherId !== ''}
      act={async () => {
        await call('inventory.relate', { kind, from: { type, id }, to: { type: other, id: otherId }, note })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      <div className="fields">
        <SelectField
          label={t('relationKind')}
          value={kind}
          options={[
            ['DEPENDS_ON', t('DEPENDS_ON')],
            ['CONNECTS_TO', t('CONNECTS_TO')],
          ]}
          onChange={(next) => setKind(next === 'CONNECTS_TO' ? next : 'DEPENDS_ON')}
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
        <TextField label={t('relationNote')} optional maxLength={200} value={note} onChange={setNote} />
      </div>
    </DecisionDialog>
  )
}
