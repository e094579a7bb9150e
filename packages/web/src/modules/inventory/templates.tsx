import type { Flavor, Image } from '@changbai/contract/inventory.ts'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay, useSession } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { count } from '../../shared/time.ts'
import { Button, Check, DecisionDialog, SelectField, TextField, useAct } from '../../shared/ui/index.ts'
import { inventoryText } from './inventoryText.ts'
import { ItemList } from './lists.tsx'
import { gib, ItemState } from './words.tsx'

type Deciding = { item: Pick<Flavor, 'id' | 'name'>; approve: boolean } | null
const states = ['PROPOSED', 'ACTIVE', 'REJECTED', 'RETIRED'] as const

/** 批准 and 不批准 for those who may, never for whoever proposed it. */
function useDecisions(decide: (id: string, approve: boolean, comment: string) => Promise<unknown>) {
  const t = useText(inventoryText)
  const may = useMay()
  const me = useSession()
  const refresh = useAct()
  const [deciding, setDeciding] = useState<Deciding>(null)
  const cell = (item: Pick<Flavor, 'id' | 'name' | 'state' | 'proposedBy'>) =>
    item.state === 'PROPOSED' && may('iaas.template.manage:A') && item.proposedBy.id !== me?.person.id ? (
      <span className="row">
        <button type="button" className="link" onClick={() => setDeciding({ item, approve: true })}>
          {t('approve')}
        </button>
        <button type="button" className="link" onClick={() => setDeciding({ item, approve: false })}>
          {t('reject')}
        </button>
      </span>
    ) : (
      <span className="ink3">{item.proposedBy.name}</span>
    )
  const dialog = deciding && (
    <DecisionDialog
      title={`${deciding.approve ? t('approve') : t('reject')}：${deciding.item.name}`}
      verb={deciding.approve ? t('approve') : t('reject')}
      danger={!deciding.approve}
      reason={{ label: t('comment'), optional: deciding.approve }}
      act={async (comment) => {
        await decide(deciding.item.id, deciding.approve, comment)
        await refresh.run(async () => {})
      }}
      onClose={() => setDeciding(null)}
    />
  )
  return { cell, dialog }
}

function ProposeFlavor({ onClose }: { onClose: () => void }) {
  const t = useText(inventoryText)
  const refresh = useAct()
  const [name, setName] = useState('')
  const [vcpu, setVcpu] = useState('4')
  const [memGiB, setMem] = useState('8')
  const [family, setFamily] = useState('')
  return (
    <DecisionDialog
      title={t('propose', { what: t('flavors') })}
      verb={t('propose', { what: t('flavors') })}
      act={async () => {
        await call('inventory.createFlavor', { name, vcpu: Number(vcpu), memGiB: Number(memGiB), family })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      <div className="fields">
        <TextField label={t('name')} value={name} onChange={setName} />
        <TextField label={t('family')} optional value={family} onChange={setFamily} />
        <TextField label={t('vcpu')} unit={t('cores')} inputMode="decimal" value={vcpu} onChange={setVcpu} />
        <TextField label={t('mem')} unit="GiB" inputMode="decimal" value={memGiB} onChange={setMem} />
      </div>
    </DecisionDialog>
  )
}

export function FlavorsPage() {
  const t = useText(inventoryText)
  const may = useMay()
  const [open, setOpen] = useState(false)
  const decisions = useDecisions((id, approve, comment) => call('inventory.decideFlavor', { id, approve, comment }))
  return (
    <>
      <ItemList<Flavor>
        name="flavors"
        title={t('flavors')}
        sentence={t('flavorsSentence')}
        acts={
          may('iaas.template.manage:C') && (
            <Button kind="primary" icon={<Plus size={16} strokeWidth={1.6} />} onClick={() => setOpen(true)}>
              {t('propose', { what: t('flavors') })}
            </Button>
          )
        }
        ask={(input) => ask('inventory.listFlavors', input as never)}
        columns={[
          { key: 'name', title: t('name'), kind: 'name', sort: 'name', cell: (f) => f.name },
          { key: 'family', title: t('family'), cell: (f) => f.family || '—' },
          { key: 'vcpu', title: t('vcpu'), kind: 'num', sort: 'size', cell: (f) => count(f.vcpu) },
          { key: 'mem', title: t('mem'), kind: 'num', cell: (f) => gib(f.memGiB) },
          { key: 'root', title: t('minRoot'), kind: 'num', cell: (f) => gib(f.rootGiB) },
          { key: 'state', title: t('state'), sort: 'state', cell: (f) => <ItemState state={f.state} /> },
          { key: 'act', title: t('act'), cell: decisions.cell },
        ]}
        filters={[{ key: 'state', label: t('state'), options: states.map((state) => [state, t(state)] as const) }]}
        phone={(f) => ({
          title: f.name,
          right: <ItemState state={f.state} />,
          below: f.family,
          belowRight: `${count(f.vcpu)} vCPU / ${gib(f.memGiB)}`,
        })}
      />
      {decisions.dialog}
      {open && <ProposeFlavor onClose={() => setOpen(false)} />}
    </>
  )
}

function ProposeImage({ onClose }: { onClose: () => void }) {
  const t = useText(inventoryText)
  const refresh = useAct()
  const [name, setName] = useState('')
  const [os, setOs] = useState('')
  const [version, setVersion] = useState('')
  const [arch, setArch] = useState('x86_64')
  const [domestic, setDomestic] = useState(true)
  return (
    <DecisionDialog
      title={t('propose', { what: t('images') })}
      verb={t('propose', { what: t('images') })}
      act={async () => {
        await call('inventory.createImage', { name, os, version, arch: arch as Image['arch'], domestic })
        await refresh.run(async () => {})
      }}
      onClose={onClose}
    >
      <div className="fields">
        <TextField label={t('name')} value={name} onChange={setName} />
        <TextField label={t('os')} value={os} onChange={setOs} />
        <TextField label={t('version')} optional value={version} onChange={setVersion} />
        <SelectField
          label={t('arch')}
          options={(['x86_64', 'aarch64', 'loongarch64', 'sw_64'] as const).map((one) => [one, one] as const)}
          value={arch}
          onChange={setArch}
        />
      </div>
      <Check checked={domestic} onChange={setDomestic}>
        {t('domestic')}
      </Check>
    </DecisionDialog>
  )
}

export function ImagesPage() {
  const t = useText(inventoryText)
  const may = useMay()
  const [open, setOpen] = useState(false)
  const decisions = useDecisions((id, approve, comment) => call('inventory.decideImage', { id, approve, comment }))
  return (
    <>
      <ItemList<Image>
        name="images"
        title={t('images')}
        sentence={t('imagesSentence')}
        acts={
          may('iaas.template.manage:C') && (
            <Button kind="primary" icon={<Plus size={16} strokeWidth={1.6} />} onClick={() => setOpen(true)}>
              {t('propose', { what: t('images') })}
            </Button>
          )
        }
        ask={(input) => ask('inventory.listImages', input as never)}
        columns={[
          { key: 'name', title: t('name'), kind: 'name', sort: 'name', cell: (i) => i.name },
          { key: 'os', title: t('os'), cell: (i) => `${i.os} ${i.version}` },
          { key: 'arch', title: t('arch'), cell: (i) => <span className="mono">{i.arch}</span> },
          { key: 'domestic', title: t('domestic'), cell: (i) => (i.domestic ? t('yes') : t('no')) },
          { key: 'root', title: t('minRoot'), kind: 'num', cell: (i) => gib(i.minRootGiB) },
          { key: 'mem', title: t('minMem'), kind: 'num', cell: (i) => gib(i.minMemGiB) },
          { key: 'state', title: t('state'), sort: 'state', cell: (i) => <ItemState state={i.state} /> },
          { key: 'act', title: t('act'), cell: decisions.cell },
        ]}
        filters={[
          { key: 'state', label: t('state'), options: states.map((state) => [state, t(state)] as const) },
          {
            key: 'arch',
            label: t('arch'),
            options: (['x86_64', 'aarch64', 'loongarch64', 'sw_64'] as const).map((arch) => [arch, arch] as const),
          },
        ]}
        phone={(i) => ({ title: i.name, right: <ItemState state={i.state} />, below: `${i.os} ${i.version}`, belowRight: i.arch })}
      />
      {decisions.dialog}
      {open && <ProposeImage onClose={() => setOpen(false)} />}
    </>
  )
}
