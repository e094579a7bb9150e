import type { BaseParameters, BaseParametersVersion } from '@changbai/contract/inventory.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { ask, call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, DecisionDialog, FormSection, Loaded, PageTitle, Sheet, TextField, useAct } from '../../shared/ui/index.ts'
import { inventoryText } from './inventoryText.ts'
import { Lines, poolColumns, zoneColumns } from './parameterLines.tsx'
import { VersionDifference } from './VersionDifference.tsx'

type Version = z.output<typeof BaseParametersVersion>
const quotas = [
  ['instances', 'instances', ''],
  ['vcpu', 'vcpu', ''],
  ['memGiB', 'mem', 'GiB'],
  ['volumes', 'volumesQuota', ''],
  ['volumeGiB', 'volumeQuotaGiB', 'GiB'],
  ['publicAddresses', 'publicAddresses', ''],
  ['securityGroups', 'securityGroups', ''],
] as const satisfies readonly (readonly [keyof BaseParameters['defaultQuota'], string, string])[]
const overcommits = [
  ['vcpu', 'vcpu'],
  ['mem', 'mem'],
  ['storage', 'storage'],
] as const
const names = ['project', 'server', 'volume', 'network'] as const

function Editor({ version, mayEdit }: { version: Version; mayEdit: boolean }) {
  const t = useText(inventoryText)
  const refresh = useAct()
  const [wanted, setWanted] = useState(version.parameters)
  const [saving, setSaving] = useState(false)
  const changed = JSON.stringify(wanted) !== JSON.stringify(version.parameters)
  return (
    <>
      <Sheet>
        <FormSection title={t('quota')}>
          {quotas.map(([key, label, unit]) => (
            <TextField
              key={key}
              label={t(label)}
              unit={unit}
              inputMode="decimal"
              readOnly={!mayEdit}
              value={String(wanted.defaultQuota[key])}
              onChange={(typed) =>
                setWanted({ ...wanted, defaultQuota: { ...wanted.defaultQuota, [key]: Number(typed.replace(/\D/g, '')) } })
              }
            />
          ))}
        </FormSection>
        <FormSection title={t('overcommit')}>
          {overcommits.map(([key, label]) => (
            <TextField
              key={key}
              label={t(label)}
              unit={t('times')}
              type="number"
              min={1}
              step={0.1}
              readOnly={!mayEdit}
              value={String(wanted.overcommit[key])}
              onChange={(typed) => setWanted({ ...wanted, overcommit: { ...wanted.overcommit, [key]: Number(typed) } })}
            />
          ))}
        </FormSection>
        <FormSection title={t('naming')}>
          {names.map((key) => (
            <TextField
              key={key}
              label={t(key)}
              className="mono"
              readOnly={!mayEdit}
              value={wanted.naming[key]}
              onChange={(typed) => setWanted({ ...wanted, naming: { ...wanted.naming, [key]: typed } })}
            />
          ))}
        </FormSection>
        <Lines
          title={t('zones')}
          columns={zoneColumns}
          rows={wanted.zones}
          fresh={{ code: '', name: '', kind: wanted.zones[0]?.kind ?? 'GOV_EXTRANET', availabilityZone: '' }}
          readOnly={!mayEdit}
          onChange={(zones) => setWanted({ ...wanted, zones })}
        />
        <Lines
          title={t('addressPools')}
          columns={poolColumns}
          rows={wanted.addressPools}
          fresh={{ name: '', zone: wanted.zones[0]?.code ?? '', cidr: '', gateway: null, dns: [], reserved: [] }}
          readOnly={!mayEdit}
          onChange={(addressPools) => setWanted({ ...wanted, addressPools })}
        />
        {mayEdit && changed && (
          <p className="row" style={{ marginTop: 16 }}>
            <Button kind="primary" onClick={() => setSaving(true)}>
              {t('saveParameters')}
            </Button>
          </p>
        )}
      </Sheet>
      {saving && (
        <DecisionDialog
          title={t('saveParameters')}
          verb={t('save')}
          reason={{ label: t('reason') }}
          act={async (reason) => {
            await call('inventory.saveBaseParameters', { baseVersion: version.version, parameters: wanted, reason })
            await refresh.run(async () => {})
          }}
          onClose={() => setSaving(false)}
        />
      )}
    </>
  )
}

export function BaseParametersPage() {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const may = useMay()
  const query = useQuery(ask('inventory.baseParameters', {}))
  const versions = useQuery(ask('inventory.baseParameterVersions', { limit: 50 }))
  const [shown, setShown] = useState<Version | null>(null)
  return (
    <div className="page">
      <Loaded query={query} rows={10}>
        {(version) => (
          <>
            <PageTitle
              title={t('baseParameters')}
              sentence={t('parametersSentence', {
                version: version.version,
                by: version.by.id === null ? t('system') : version.by.name,
                at: listTime(version.at, lang),
                why: version.reason,
              })}
            />
            <div className="split">
              <div className="stack">
                <Editor key={version.version} version={version} mayEdit={may('iaas.parameter.manage:U')} />
              </div>
              <Sheet flush title={t('versions')}>
                <Loaded query={versions} rows={2}>
                  {(page) => (
                    <ul className="list">
                      {page.items.map((one) => (
                        <li key={one.version}>
                          <div className="row apart">
                            <b>{one.version}</b>
                            <span className="second">
                              {one.by.id === null ? t('system') : one.by.name} {listTime(one.at, lang)}
                            </span>
                          </div>
                          <div className="row apart">
                            <span className="second">{one.reason}</span>
                            {one.version !== version.version && (
                              <button type="button" className="link" onClick={() => setShown(one)}>
                                {t('showVersion')}
                              </button>
                            )}
                          </div>
                        </li>
                      ))}
                    </ul>
                  )}
                </Loaded>
              </Sheet>
            </div>
            {shown && <VersionDifference then={shown} now={version} onClose={() => setShown(null)} />}
          </>
        )}
      </Loaded>
    </div>
  )
}
