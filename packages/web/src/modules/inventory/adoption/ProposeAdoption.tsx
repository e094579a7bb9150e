import type { AdoptableProject } from '@changbai/contract/inventory.adoption.ts'
import { useState } from 'react'
import { call } from '../../../shared/call.ts'
import { ProblemError } from '../../../shared/problem.ts'
import { useText } from '../../../shared/text.ts'
import { DecisionDialog, LongField, SelectField, TenantField, TextField, useAct } from '../../../shared/ui/index.ts'
import { adoptionText } from './adoptionText.ts'
import { countsWord } from './adoptionWords.ts'

const envs = ['PROD', 'TEST', 'DEV', 'DR'] as const

/** Filled with what is suggested; whoever proposes may say otherwise. */
export function ProposeAdoption({ project, onClose }: { project: AdoptableProject; onClose: () => void }) {
  const t = useText(adoptionText)
  const refresh = useAct()
  const { suggestion } = project
  const [tenantId, setTenantId] = useState(suggestion?.tenantId ?? '')
  const [code, setCode] = useState(suggestion?.code ?? '')
  const [name, setName] = useState(suggestion?.name ?? project.projectName)
  const [env, setEnv] = useState<(typeof envs)[number]>('PROD')
  const [level, setLevel] = useState('2')
  const [note, setNote] = useState('')
  const [problem, setProblem] = useState<ProblemError | null>(null)
  const errorOf = (field: string) => problem?.errors.find((one) => one.path === field)?.message
  const send = async () => {
    try {
      const { connectionId, projectId } = project
      await call('adoption.propose', {
        connectionId,
        projectId,
        tenantId,
        code: code.trim(),
        name: name.trim(),
        env,
        mlpsLevel: Number(level),
        note,
      })
    } catch (failure) {
      if (failure instanceof ProblemError) setProblem(failure)
      throw failure
    }
    await refresh.run(async () => {})
  }
  return (
    <DecisionDialog
      title={t('proposeTitle', { project: project.projectName || project.cloud })}
      verb={t('propose')}
      ready={tenantId !== '' && code.trim() !== '' && name.trim() !== ''}
      act={send}
      onClose={onClose}
    >
      <p className="note">{t('proposeNote', { resources: countsWord(t, project.counts) })}</p>
      <TenantField label={t('bureau')} value={tenantId} onChange={setTenantId} error={errorOf('tenantId')} />
      <div className="fields">
        <TextField label={t('code')} help={t('codeHelp')} value={code} onChange={setCode} error={errorOf('code')} maxLength={60} />
        <TextField label={t('name')} value={name} onChange={setName} error={errorOf('name')} maxLength={100} />
        <SelectField
          label={t('env')}
          options={envs.map((one) => [one, t(one)] as const)}
          value={env}
          onChange={(next) => setEnv(envs.find((one) => one === next) ?? 'PROD')}
        />
        <SelectField label={t('level')} options={['1', '2', '3'].map((one) => [one, one] as const)} value={level} onChange={setLevel} />
      </div>
      <LongField label={t('note')} optional value={note} onChange={setNote} maxLength={500} />
    </DecisionDialog>
  )
}
