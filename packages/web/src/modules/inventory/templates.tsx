import type { Flavor, Image } from '@changbai/contract/inventory.ts'
import { useState } from 'react'
import { ask, call } from '../../shared/call.ts'
import { useMay, useSession } from '../../shared/session.ts'
import { useText } from '../../shared/text.ts'
import { count } from '../../shared/time.ts'
import { DecisionDialog, Segments, Status, useAct } from '../../shared/ui/index.ts'
import { AddItem, ItemActs } from './edit/acts.tsx'
import { inventoryText } from './inventoryText.ts'
import { ItemList } from './lists.tsx'
import { gib, ItemState } from './words.tsx'

type Deciding = { item: Pick<Flavor, 'id' | 'name'>; approve: boolean } | null
const states = ['PROPOSED', 'ACTIVE', 'REJECTED', 'RETIRED'] as const

/** 批准 and 不批准 for those who may, never for whoever proposed it. */
function useDecisions(
  decide: (id: string, approve: boolean, comment: string) => Promise<unknown>,
  tryOut: (id: string, result: 'PASS' | 'FAIL', report: string) => Promise<unknown>,
) {
  const t = useText(inventoryText)
  const may = useMay()
  const me = useSession()
  const refresh = useAct()
  const [deciding, setDeciding] = useState<Deciding>(null)
  const [trying, setTrying] = useState<Pick<Flavor, 'id' | 'name'> | null>(null)
  const [result, setResult] = useState<'PASS' | 'FAIL'>('PASS')
  const test = (item: Pick<Flavor, 'id' | 'name' | 'state' | 'test'>) => (
    <span className="row">
      {item.test ? (
        <span title={`${item.test.byName}：${item.test.report}`}>
          <Status state={item.test.result === 'PASS' ? 'kept' : 'breach'}>{t(`tested_${item.test.result}`)}</Status>
        </span>
      ) : item.state === 'PROPOSED' ? (
        <Status state="unknown">{t('untested')}</Status>
      ) : (
        '—'
      )}
      {item.state === 'PROPOSED' && may('iaas.template.manage:C') && (
        <button type="button" className="link" onClick={() => setTrying(item)}>
          {t('tryOut')}
        </button>
      )}
    </span>
  )
  const decides = (item: Pick<Flavor, 'state' | 'proposedBy' | 'test'>) =>
    item.state === 'PROPOSED' && may('iaas.template.manage:A') && item.proposedBy.id !== me?.person.id
  const cell = (item: Pick<Flavor, 'id' | 'name' | 'state' | 'proposedBy' | 'test'>) =>
    decides(item) ? (
      <span className="row">
        {item.test?.result === 'PASS' && item.test.byId !== me?.person.id && (
          <button type="button" className="link" onClick={() => setDeciding({ item, approve: true })}>
            {t('approve')}
          </button>
        )}
        <button type="button" className="link" onClick={() => setDeciding({ item, approve: false })}>
          {t('reject')}
        </button>
      </span>
    ) : (
      <span className="ink3">{item.proposedBy.id === null ? t('shippedItem') : item.proposedBy.name}</span>
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
  const tryDialog = trying && (
    <DecisionDialog
      title={`${t('tryOut')}：${trying.name}`}
      verb={t('tryOut')}
      reason={{ label: t('testReport') }}
      act={async (report) => {
        await tryOut(trying.id, result, report)
        await refresh.run(async () => {})
      }}
      onClose={() => setTrying(null)}
    >
      <Segments
        label={t('tryOut')}
        value={result}
        onChange={(to: string) => setResult(to as 'PASS' | 'FAIL')}
        options={(['PASS', 'FAIL'] as const).map((one) => [one, t(`tested_${one}`)] as const)}
      />
    </DecisionDialog>
  )
  return { cell, test, dialog: dialog ?? tryDialog }
}

export function FlavorsPage() {
  const t = useText(inventoryText)
  const decisions = useDecisions(
    (id, approve, comment) => call('inventory.decideFlavor', { id, approve, comment }),
    (id, result, report) => call('inventory.testFlavor', { id, result, report }),
  )
  return (
    <>
      <ItemList<Flavor>
        name="flavors"
        title={t('flavors')}
        sentence={t('flavorsSentence')}
        acts={<AddItem type="flavor" />}
        about={['flavor']}
        ask={(input) => ask('inventory.listFlavors', input as never)}
        columns={[
          { key: 'name', title: t('name'), kind: 'name', sort: 'name', cell: (f) => f.name },
          { key: 'family', title: t('family'), cell: (f) => f.family || '—' },
          { key: 'vcpu', title: t('vcpu'), kind: 'num', sort: 'size', cell: (f) => count(f.vcpu) },
          { key: 'mem', title: t('mem'), kind: 'num', cell: (f) => gib(f.memGiB) },
          { key: 'root', title: t('minRoot'), kind: 'num', cell: (f) => gib(f.rootGiB) },
          { key: 'state', title: t('state'), sort: 'state', cell: (f) => <ItemState state={f.state} /> },
          { key: 'test', title: t('test'), cell: decisions.test },
          { key: 'proposed', title: t('proposedBy'), cell: decisions.cell },
          { key: 'act', title: t('act'), cell: (f) => <ItemActs line type="flavor" item={f} name={f.name} /> },
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
    </>
  )
}

export function ImagesPage() {
  const t = useText(inventoryText)
  const decisions = useDecisions(
    (id, approve, comment) => call('inventory.decideImage', { id, approve, comment }),
    (id, result, report) => call('inventory.testImage', { id, result, report }),
  )
  return (
    <>
      <ItemList<Image>
        name="images"
        title={t('images')}
        sentence={t('imagesSentence')}
        acts={<AddItem type="image" />}
        about={['image']}
        ask={(input) => ask('inventory.listImages', input as never)}
        columns={[
          { key: 'name', title: t('name'), kind: 'name', sort: 'name', cell: (i) => i.name },
          { key: 'os', title: t('os'), cell: (i) => `${i.os} ${i.version}` },
          { key: 'arch', title: t('arch'), cell: (i) => <span className="mono">{i.arch}</span> },
          { key: 'domestic', title: t('domestic'), cell: (i) => (i.domestic ? t('yes') : t('no')) },
          { key: 'root', title: t('minRoot'), kind: 'num', cell: (i) => gib(i.minRootGiB) },
          { key: 'mem', title: t('minMem'), kind: 'num', cell: (i) => gib(i.minMemGiB) },
          { key: 'state', title: t('state'), sort: 'state', cell: (i) => <ItemState state={i.state} /> },
          { key: 'test', title: t('test'), cell: decisions.test },
          { key: 'proposed', title: t('proposedBy'), cell: decisions.cell },
          { key: 'act', title: t('act'), cell: (i) => <ItemActs line type="image" item={i} name={i.name} /> },
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
    </>
  )
}
