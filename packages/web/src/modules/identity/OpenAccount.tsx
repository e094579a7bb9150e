import { useState } from 'react'
import { call } from '../../shared/call.ts'
import { ProblemError } from '../../shared/problem.ts'
import { useText } from '../../shared/text.ts'
import { DecisionDialog, TextField, useAct } from '../../shared/ui/index.ts'
import { identityText } from './identityText.ts'

const empty = { name: '', signIn: '', password: '', unit: '', phone: '', email: '' }

export function OpenAccount({ onClose }: { onClose: () => void }) {
  const t = useText(identityText)
  const refresh = useAct()
  const [person, setPerson] = useState(empty)
  const [problem, setProblem] = useState<ProblemError | null>(null)
  const set = (field: keyof typeof empty) => (value: string) => setPerson({ ...person, [field]: value })
  const errorOf = (field: string) => problem?.errors.find((one) => one.path === field)?.message
  const send = async () => {
    const { name, signIn, password, unit, phone, email } = person
    try {
      await call('identity.createPerson', {
        name,
        signIn,
        password,
        ...(unit && { unit }),
        ...(phone && { phone }),
        ...(email && { email }),
      })
    } catch (failure) {
      if (failure instanceof ProblemError) setProblem(failure)
      throw failure
    }
    await refresh.run(async () => {})
  }
  return (
    <DecisionDialog title={t('openAccount')} verb={t('openAccount')} act={send} onClose={onClose}>
      <div className="fields">
        <TextField label={t('name')} value={person.name} onChange={set('name')} error={errorOf('name')} maxLength={40} />
        <TextField
          label={t('signIn')}
          help={t('signInHelp')}
          autoCapitalize="none"
          value={person.signIn}
          onChange={set('signIn')}
          error={errorOf('signIn')}
        />
        <TextField
          label={t('firstPassword')}
          help={t('firstPasswordHelp')}
          type="password"
          autoComplete="new-password"
          value={person.password}
          onChange={set('password')}
          error={errorOf('password')}
        />
        <TextField label={t('unit')} optional value={person.unit} onChange={set('unit')} error={errorOf('unit')} />
        <TextField label={t('phone')} optional value={person.phone} onChange={set('phone')} error={errorOf('phone')} />
        <TextField label={t('email')} optional value={person.email} onChange={set('email')} error={errorOf('email')} />
      </div>
    </DecisionDialog>
  )
}
