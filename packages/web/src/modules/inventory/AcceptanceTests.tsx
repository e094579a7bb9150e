import type { HardwareModel } from '@changbai/contract/inventory.ts'
import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { useMay } from '../../shared/session.ts'
import { useLanguage, useText } from '../../shared/text.ts'
import { listTime } from '../../shared/time.ts'
import { Button, DecisionDialog, SelectField, Sheet, TextField, useAct } from '../../shared/ui/index.ts'
import { inventoryText } from './inventoryText.ts'
import { ItemState } from './words.tsx'

type Result = 'PASS' | 'FAIL' | 'NOT_APPLICABLE'
/** What a new model is tried for before it may be delivered. */
const checks: Record<'zh-CN' | 'en-US', readonly string[]> = {
  'zh-CN': ['加电自检', '固件版本', '操作系统安装', '网卡连通与速率', '阵列与硬盘', 'BMC 远程管理', '压力测试 24 小时', '断电恢复'],
  'en-US': [
    'Power-on self-test',
    'Firmware versions',
    'Operating system install',
    'Network links and rates',
    'RAID and disks',
    'BMC remote control',
    '24 h stress test',
    'Power loss recovery',
  ],
}

function RecordTest({ model, onClose }: { model: HardwareModel; onClose: () => void }) {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const refresh = useAct()
  const [results, setResults] = useState<Record<string, Result>>({})
  const [comment, setComment] = useState('')
  const names = checks[lang]
  const send = async () => {
    const gap = names.find((name) => !results[name])
    if (gap) throw new Error(gap)
    const rows = names.map((name) => ({ name, result: results[name] ?? ('FAIL' as const) }))
    await call('inventory.recordAcceptanceTest', {
      id: model.id,
      result: rows.some((row) => row.result === 'FAIL') ? 'FAIL' : 'PASS',
      checks: rows,
      comment,
    })
    await refresh.run(async () => {})
  }
  return (
    <DecisionDialog title={t('recordTest')} verb={t('recordTest')} act={send} onClose={onClose}>
      <div className="fields">
        {names.map((name) => (
          <SelectField
            key={name}
            label={name}
            value={results[name] ?? ''}
            options={(['PASS', 'FAIL', 'NOT_APPLICABLE'] as const).map((one) => [one, t(one)] as const)}
            onChange={(result) => setResults({ ...results, [name]: result as Result })}
          />
        ))}
        <TextField label={t('testComment')} optional full value={comment} onChange={setComment} />
      </div>
    </DecisionDialog>
  )
}

export function AcceptanceTests({ model }: { model: HardwareModel }) {
  const t = useText(inventoryText)
  const lang = useLanguage()
  const may = useMay()
  const [open, setOpen] = useState(false)
  return (
    <Sheet
      flush
      title={t('tests')}
      acts={
        may('iaas.hardwareTest:X') && (
          <Button size="small" onClick={() => setOpen(true)}>
            {t('recordTest')}
          </Button>
        )
      }
    >
      <ul className="list">
        {model.tests.map((test) => (
          <li key={test.id}>
            <div className="row apart">
              <ItemState state={test.result} />
              <span className="second">
                {test.by.name} {listTime(test.at, lang)}
              </span>
            </div>
            <div className="second">
              {test.checks.map((check) => `${check.name} ${t(check.result)}`).join('；')}
              {test.comment && `　${test.comment}`}
            </div>
          </li>
        ))}
        {model.tests.length === 0 && <li className="second">{t('UNTESTED')}</li>}
      </ul>
      {open && <RecordTest model={model} onClose={() => setOpen(false)} />}
    </Sheet>
  )
}
